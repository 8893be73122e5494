static int demofs_export_range(unsigned long start, void __user *to)
{
	struct range range;

	mmap_read_lock(current->mm);
	demofs_fill_range(&range, start);
	mmap_read_unlock(current->mm);
	return copy_to_user(to, &range, sizeof(range)) ? -EFAULT : 0;
}
