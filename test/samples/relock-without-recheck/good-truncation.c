/* What truncates is called with the inode's lock: nobody else truncates meanwhile. */
static int demofs_truncate_page(struct inode *inode, struct page *page, struct demofs_work *work)
{
	lock_page(page);
	unlock_page(page);
	demofs_wait_for(work);
	lock_page(page);
	set_page_dirty(page);
	unlock_page(page);
	return 0;
}
