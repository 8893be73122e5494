/* Who only tries waits for nobody. */
static int demofs_try(struct inode *inode, struct mm_struct *mm)
{
	mmap_read_lock(mm);
	if (!inode_trylock(inode)) {
		mmap_read_unlock(mm);
		return -EAGAIN;
	}
	inode_unlock(inode);
	mmap_read_unlock(mm);
	return 0;
}

static int demofs_old_try(struct inode *inode, struct mm_struct *mm)
{
	down_read(&mm->mmap_sem);
	if (!mutex_trylock(&inode->i_mutex)) {
		up_read(&mm->mmap_sem);
		return -EAGAIN;
	}
	mutex_unlock(&inode->i_mutex);
	up_read(&mm->mmap_sem);
	return 0;
}
