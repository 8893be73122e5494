/* The lock since 5.15. */

static ssize_t demofs_now(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	ssize_t written;

	inode_lock(inode);
	filemap_invalidate_lock(inode->i_mapping); /* expect: exclusive-fault-lock-on-write */
	written = dax_iomap_rw(iocb, from, &demofs_iomap_ops);
	filemap_invalidate_unlock(inode->i_mapping);
	inode_unlock(inode);
	return written;
}
