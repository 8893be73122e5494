/* The filesystem's own function locks the file and writes it back, before the way of access changes. */

static int demofs_lock_and_flush(struct demofs_inode *di, unsigned int *locks)
{
	*locks = DEMOFS_ALL;
	demofs_ilock(di, *locks);
	return demofs_write_out(&di->vfs_inode);
}

static int demofs_change_dax(struct demofs_inode *di, unsigned int *locks)
{
	struct inode *inode = &di->vfs_inode;
	int err;

	if (!IS_DAX(inode))
		return 0;
	err = demofs_lock_and_flush(di, locks);
	if (err)
		return err;
	return invalidate_inode_pages2(inode->i_mapping);
}
