/* The other two names of both locks. */
static long demofs_punch(struct inode *inode, struct mm_struct *mm, loff_t from)
{
	long err = 0;

	down_read(&mm->mmap_sem);
	if (from < 0) {
		err = -EINVAL;
		goto out;
	}
	mutex_lock(&inode->i_mutex); /* expect: lock-order-inversion (inode lock) */
	i_size_write(inode, from);
	mutex_unlock(&inode->i_mutex);
out:
	up_read(&mm->mmap_sem);
	return err;
}
