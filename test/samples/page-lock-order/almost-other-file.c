/* Pages of two files have no order by index. */
static int demofs_mirror(struct address_space *upper, struct address_space *lower, pgoff_t index)
{
	struct page *page = find_lock_page(upper, index + 1);
	struct page *below;

	if (!page)
		return -ENOENT;
	below = find_lock_page(lower, index);
	if (below) {
		unlock_page(below);
		put_page(below);
	}
	unlock_page(page);
	put_page(page);
	return 0;
}
