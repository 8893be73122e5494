/* A write without invalidation here: the caller's is not in sight. And a truncation that does not write. */

static ssize_t demofs_plain(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	return dax_do_io(iocb, inode, from, demofs_get_block, NULL, 0);
}

static void demofs_cut(struct inode *inode, loff_t size)
{
	dax_truncate_page(inode, size, demofs_get_block);
	truncate_inode_pages(inode->i_mapping, size);
}

static ssize_t demofs_one_or_other(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	if (IS_DAX(inode))
		return dax_do_io(iocb, inode, from, demofs_get_block, NULL, 0);
	return invalidate_inode_pages2_range(inode->i_mapping, 0, 1);
}
