static void demofs_note_size(struct inode *inode, loff_t size)
{
	inode_lock(inode);
	i_size_write(inode, size);
	inode_unlock(inode);
}

static void demofs_grow_mapped(struct inode *inode, struct mm_struct *mm, loff_t size)
{
	mmap_write_lock(mm);
	demofs_note_size(inode, size); /* expect: lock-order-inversion (inode lock) */
	mmap_write_unlock(mm);
}
