/* Faults run beside the write. */

static ssize_t demofs_free(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	ssize_t written;

	inode_lock(inode);
	written = dax_iomap_rw(iocb, from, &demofs_iomap_ops);
	inode_unlock(inode);
	return written;
}
