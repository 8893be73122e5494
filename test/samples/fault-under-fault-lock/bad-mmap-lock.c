static int demofs_export_range(unsigned long start, void __user *to)
{
	struct range range;
	int err = 0;

	mmap_read_lock(current->mm);
	demofs_fill_range(&range, start);
	if (copy_to_user(to, &range, sizeof(range))) /* expect: fault-under-fault-lock (mmap lock) */
		err = -EFAULT;
	mmap_read_unlock(current->mm);
	return err;
}
