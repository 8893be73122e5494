/* A write drops everything. */

static ssize_t demofs_dax_write(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	int ret = invalidate_inode_pages2(inode->i_mapping); /* expect: invalidate-drops-dirty */

	if (ret)
		return ret;
	return demofs_dax_extents(iocb, from, inode);
}
