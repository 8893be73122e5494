static ssize_t demofs_dax_read(struct inode *inode, struct iov_iter *to, void *from, size_t size)
{
	size_t copied;

	filemap_invalidate_lock_shared(inode->i_mapping);
	copied = copy_to_iter(from, size, to); /* expect: fault-under-fault-lock (invalidate lock) */
	filemap_invalidate_unlock_shared(inode->i_mapping);
	return copied;
}

static long demofs_patch_file(struct address_space *mapping, void *to, const void __user *from, size_t size)
{
	unsigned long left;

	down_write(&mapping->invalidate_lock);
	left = copy_from_user(to, from, size); /* expect: fault-under-fault-lock (invalidate lock) */
	up_write(&mapping->invalidate_lock);
	return left ? -EFAULT : 0;
}
