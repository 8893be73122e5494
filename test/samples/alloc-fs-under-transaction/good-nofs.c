static int demofs_store_label(handle_t *handle, struct inode *inode, size_t size)
{
	unsigned int flags;
	void *first, *second;

	first = kmalloc(size, GFP_NOFS);
	flags = memalloc_nofs_save();
	second = kmalloc(size, GFP_KERNEL);
	memalloc_nofs_restore(flags);
	ext3_mark_inode_dirty(handle, inode);
	demofs_write_labels(handle, inode, first, second);
	kfree(first);
	kfree(second);
	return 0;
}
