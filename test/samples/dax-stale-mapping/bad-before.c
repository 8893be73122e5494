/* Invalidated before the write only. */

static ssize_t demofs_before(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	int ret = invalidate_inode_pages2_range(inode->i_mapping, 0, 1); /* expect: dax-stale-mapping */

	if (ret)
		return ret;
	return dax_do_io(iocb, inode, from, demofs_get_block, NULL, 0);
}
