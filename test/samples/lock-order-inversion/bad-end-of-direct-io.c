/* The function that ends a direct I/O waits for the lock under which truncation waits for direct I/O. */
static int demofs_end_write(struct inode *inode, struct demofs_dio *dio, ssize_t bytes)
{
	int err;

	inode_lock(inode); /* expect: lock-order-inversion (direct I/O) */
	err = demofs_convert(inode, dio->start, bytes);
	inode_unlock(inode);
	return err;
}

static int demofs_end_io(struct kiocb *iocb, loff_t offset, ssize_t bytes, void *private)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	int err = 0;

	if (private && bytes > 0)
		err = demofs_end_write(inode, private, bytes);
	demofs_free(private);
	return err;
}

static ssize_t demofs_direct_io(struct kiocb *iocb, struct iov_iter *iter)
{
	struct inode *inode = file_inode(iocb->ki_filp);

	return __blockdev_direct_IO(iocb, inode, inode->i_sb->s_bdev, iter, demofs_get_block, demofs_end_io, NULL, 0);
}
