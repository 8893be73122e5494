/* The inode's lock keeps truncation away. */

static int demofs_write_mutex(struct inode *inode, struct page *page, struct demofs_work *work)
{
	mutex_lock(&inode->i_mutex);
	lock_page(page);
	unlock_page(page);
	demofs_wait_for(work);
	lock_page(page);
	set_page_dirty(page);
	unlock_page(page);
	mutex_unlock(&inode->i_mutex);
	return 0;
}

static int demofs_write_held(struct inode *inode, struct page *page, struct demofs_work *work)
{
	lockdep_assert_held_write(&inode->i_rwsem);
	unlock_page(page);
	demofs_wait_for(work);
	lock_page(page);
	set_page_dirty(page);
	return 0;
}
