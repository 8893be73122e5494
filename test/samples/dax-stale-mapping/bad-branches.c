/* Where another way does not go through DAX. */

static ssize_t demofs_branches(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	ssize_t written;

	invalidate_inode_pages2_range(inode->i_mapping, 0, 1); /* expect: dax-stale-mapping */
	if (IS_DAX(inode))
		written = dax_do_io(iocb, inode, from, demofs_get_block, NULL, 0);
	else
		written = blockdev_direct_IO(iocb, inode, from, demofs_get_block);
	return written;
}
