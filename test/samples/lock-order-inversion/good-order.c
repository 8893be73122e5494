static void demofs_all(struct inode *inode, struct mm_struct *mm, struct page *page)
{
	inode_lock(inode);
	mmap_read_lock(mm);
	lock_page(page);
	unlock_page(page);
	mmap_read_unlock(mm);
	inode_unlock(inode);
}

static void demofs_old(struct inode *inode, struct mm_struct *mm, struct page *page)
{
	mutex_lock(&inode->i_mutex);
	down_read(&mm->mmap_sem);
	lock_page(page);
	unlock_page(page);
	up_read(&mm->mmap_sem);
	mutex_unlock(&inode->i_mutex);
}
