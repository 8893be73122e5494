/* Released before the write begins. */

static ssize_t demofs_before(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	filemap_invalidate_lock(inode->i_mapping);
	demofs_settle(inode);
	filemap_invalidate_unlock(inode->i_mapping);
	return dax_iomap_rw(iocb, from, &demofs_iomap_ops);
}
