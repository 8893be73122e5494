/* A lock of its own in the completion; the inode lock where no direct I/O is being ended. */
static int demofs_end_io(struct kiocb *iocb, loff_t offset, ssize_t bytes, void *private)
{
	struct inode *inode = file_inode(iocb->ki_filp);

	down_write(&DEMOFS_I(inode)->alloc_sem);
	demofs_convert(inode, offset, bytes);
	up_write(&DEMOFS_I(inode)->alloc_sem);
	return 0;
}

/* Called by the block mapper, with a buffer and not with the iocb. */
static int demofs_get_block(struct inode *inode, sector_t block, struct buffer_head *bh, int create)
{
	int err;

	inode_lock(inode);
	err = demofs_map(inode, block, bh, create);
	inode_unlock(inode);
	return err;
}

static ssize_t demofs_direct_io(struct kiocb *iocb, struct iov_iter *iter)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t size;

	size = __blockdev_direct_IO(iocb, inode, inode->i_sb->s_bdev, iter, demofs_get_block, demofs_end_io, NULL, 0);
	if (size > 0) {
		inode_lock(inode);
		demofs_note(inode, size);
		inode_unlock(inode);
	}
	return size;
}
