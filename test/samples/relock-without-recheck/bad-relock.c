/* Unlocked for something slow, locked again, and written to. */

static int demofs_relock(struct page *page, struct demofs_work *work)
{
	unlock_page(page);
	demofs_wait_for(work);
	lock_page(page); /* expect: relock-without-recheck (page) */
	set_page_dirty(page);
	unlock_page(page);
	return 0;
}
