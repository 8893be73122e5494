static int demofs_walk(struct mm_struct *mm, unsigned long start, void __user *to)
{
	struct range range;

	if (mmap_read_lock_killable(mm))
		return put_user(-EINTR, (int __user *)to);
	demofs_fill_range(&range, start);
	mmap_read_unlock(mm);
	if (copy_to_user(to, &range, sizeof(range)))
		return -EFAULT;
	if (!mmap_read_trylock(mm))
		return put_user(1, (int __user *)to);
	mmap_read_unlock(mm);
	return 0;
}
