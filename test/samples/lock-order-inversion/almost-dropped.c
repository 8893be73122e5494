/* The inner lock is given back first, by the function itself or by one that nobody knows. */
static int demofs_switch(struct inode *inode, struct mm_struct *mm)
{
	mmap_read_lock(mm);
	if (mm->total_vm == 0) {
		mmap_read_unlock(mm);
		inode_lock(inode);
		inode_unlock(inode);
		return 0;
	}
	mmap_read_unlock(mm);
	return 1;
}

static void demofs_leave(struct inode *inode, struct mm_struct *mm)
{
	mmap_read_lock(mm);
	demofs_release_mm(mm);
	inode_lock(inode);
	inode_unlock(inode);
}
