/* The inode's lock is no help. */

static ssize_t demofs_locked(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	ssize_t written;

	inode_lock(inode);
	written = invalidate_inode_pages2(inode->i_mapping); /* expect: invalidate-drops-dirty */
	if (!written)
		written = dax_iomap_rw(iocb, from, &demofs_iomap_ops);
	inode_unlock(inode);
	return written;
}
