/* The lock of 4.x. */

static ssize_t demofs_old(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	ssize_t written;

	down_write(&DEMOFS_I(inode)->i_mmap_sem); /* expect: exclusive-fault-lock-on-write */
	written = dax_do_io(iocb, inode, from, demofs_get_block, NULL, 0);
	up_write(&DEMOFS_I(inode)->i_mmap_sem);
	return written;
}
