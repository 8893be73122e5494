/* Another lock of the inode. */

static ssize_t demofs_other(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	ssize_t written;

	down_write(&DEMOFS_I(inode)->alloc_sem);
	written = demofs_dax_extents(iocb, from);
	up_write(&DEMOFS_I(inode)->alloc_sem);
	down_read(&DEMOFS_I(inode)->i_mmap_sem);
	demofs_look(inode);
	up_read(&DEMOFS_I(inode)->i_mmap_sem);
	return written;
}
