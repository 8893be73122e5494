/* Both at once: everything is dropped, and a fault in between maps the hole again. */

static ssize_t demofs_old(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	ssize_t ret = invalidate_inode_pages2(inode->i_mapping); /* expect: invalidate-drops-dirty, expect: dax-stale-mapping */

	if (ret)
		return ret;
	return dax_do_io(iocb, inode, from, demofs_get_block, NULL, 0);
}
