/* The same through the table of iomap: inode_dio_end() comes behind the method. */
static int demofs_dio_end_io(struct kiocb *iocb, ssize_t size, int error, unsigned int flags)
{
	struct inode *inode = file_inode(iocb->ki_filp);

	if (error || !size)
		return error;
	down_write(&inode->i_rwsem); /* expect: lock-order-inversion (direct I/O) */
	if (iocb->ki_pos + size > i_size_read(inode))
		i_size_write(inode, iocb->ki_pos + size);
	up_write(&inode->i_rwsem);
	return 0;
}

static const struct iomap_dio_ops demofs_dio_ops = {
	.end_io = demofs_dio_end_io,
};
