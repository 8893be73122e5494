/* The first inode was locked in its place; the order among inodes is another matter. */
static void demofs_two(struct inode *dir, struct inode *inode, struct mm_struct *mm)
{
	inode_lock(dir);
	mmap_read_lock(mm);
	inode_lock_nested(inode, I_MUTEX_CHILD);
	inode_unlock(inode);
	mmap_read_unlock(mm);
	inode_unlock(dir);
}
