/* Direct I/O of a page cache file: invalidated on both sides, as it has to be. */

static ssize_t demofs_direct(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	ssize_t written;

	invalidate_inode_pages2_range(inode->i_mapping, 0, 1);
	written = blockdev_direct_IO(iocb, inode, from, demofs_get_block);
	invalidate_inode_pages2_range(inode->i_mapping, 0, 1);
	return written;
}
