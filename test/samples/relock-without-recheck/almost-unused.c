/* Locked again, and only looked at; or handed to one who may compare. */

static int demofs_look(struct page *page, struct demofs_work *work)
{
	int ret;

	unlock_page(page);
	demofs_wait_for(work);
	lock_page(page);
	ret = PageUptodate(page) ? 0 : -EIO;
	unlock_page(page);
	return ret;
}

static int demofs_hand_on(struct page *page, struct demofs_work *work)
{
	unlock_page(page);
	demofs_wait_for(work);
	lock_page(page);
	if (demofs_is_ours(page))
		set_page_dirty(page);
	unlock_page(page);
	return 0;
}
