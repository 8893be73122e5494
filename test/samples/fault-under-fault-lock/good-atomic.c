static ssize_t demofs_dax_read(struct inode *inode, void __user *to, void *from, size_t size)
{
	unsigned long left;

	do {
		if (fault_in_writeable(to, size))
			return -EFAULT;
		filemap_invalidate_lock_shared(inode->i_mapping);
		pagefault_disable();
		left = __copy_to_user_inatomic(to, from, size);
		pagefault_enable();
		filemap_invalidate_unlock_shared(inode->i_mapping);
	} while (left);
	return size;
}
