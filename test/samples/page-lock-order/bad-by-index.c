/* Two pages by number, the later one first. */
static int demofs_shift(struct address_space *mapping, pgoff_t index)
{
	struct page *to, *from;

	to = find_lock_page(mapping, index + 1);
	if (!to)
		return -ENOENT;
	from = find_lock_page(mapping, index); /* expect: page-lock-order */
	if (from) {
		unlock_page(from);
		put_page(from);
	}
	unlock_page(to);
	put_page(to);
	return 0;
}
