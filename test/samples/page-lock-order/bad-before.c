static int demofs_join(struct address_space *mapping, struct page *page)
{
	struct page *front;

	lock_page(page);
	front = find_lock_page(mapping, page->index - 1); /* expect: page-lock-order */
	if (front) {
		unlock_page(front);
		put_page(front);
	}
	unlock_page(page);
	return front ? 1 : 0;
}
