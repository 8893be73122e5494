/* Kernels up to 2.6.16: the inode's lock is a semaphore. */
static int demofs_truncate_mapped(struct inode *inode, loff_t from)
{
	struct mm_struct *mm = current->mm;

	down_write(&mm->mmap_sem);
	down(&inode->i_sem); /* expect: lock-order-inversion (inode lock) */
	i_size_write(inode, from);
	up(&inode->i_sem);
	up_write(&mm->mmap_sem);
	return 0;
}
