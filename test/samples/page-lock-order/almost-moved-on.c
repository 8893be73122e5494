/* The number has changed in between. */
static int demofs_pair(struct address_space *mapping, pgoff_t index)
{
	struct page *one = find_lock_page(mapping, index + 1);
	struct page *other;

	if (!one)
		return -ENOENT;
	index = demofs_next(index);
	other = find_lock_page(mapping, index);
	if (other) {
		unlock_page(other);
		put_page(other);
	}
	unlock_page(one);
	put_page(one);
	return 0;
}
