/* To look an inode up takes no memory; and a new one's memory is the filesystem's own business. */
static int demofs_mark_busy(struct inode *dir, unsigned long ino, unsigned long root)
{
	handle_t *handle = ext3_journal_start(dir, 2);
	struct inode *inode;

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	inode = ilookup(dir->i_sb, ino);
	if (!inode)
		inode = iget_locked(dir->i_sb, root);
	if (inode)
		demofs_set_busy(handle, inode);
	return ext3_journal_stop(handle);
}
