/* The page in front is locked behind the one that follows it. */
static int demofs_join(struct address_space *mapping, struct page *page)
{
	struct page *before;

	lock_page(page);
	before = find_lock_page(mapping, page->index - 1);
	if (before) {
		demofs_merge(before, page);
		unlock_page(before);
		put_page(before);
	}
	unlock_page(page);
	return 0;
}
