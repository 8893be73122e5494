/* A loop takes the lock of one page after the other. */

static int demofs_each(struct page **pages, int count)
{
	struct page *page;
	int i;

	for (i = 0; i < count; i++) {
		page = pages[i];
		lock_page(page);
		set_page_dirty(page);
		unlock_page(page);
	}
	return 0;
}
