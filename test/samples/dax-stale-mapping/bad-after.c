/* Invalidated behind the write. */

static ssize_t demofs_after(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	ssize_t written = dax_do_io(iocb, inode, from, demofs_get_block, NULL, 0);

	if (written > 0)
		invalidate_inode_pages2_range(inode->i_mapping, 0, written >> PAGE_SHIFT); /* expect: dax-stale-mapping */
	return written;
}
