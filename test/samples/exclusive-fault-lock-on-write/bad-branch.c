/* On one way only. */

static ssize_t demofs_some(struct kiocb *iocb, struct iov_iter *from, struct inode *inode, bool extends)
{
	ssize_t written;

	if (extends)
		down_write(&inode->i_mapping->invalidate_lock); /* expect: exclusive-fault-lock-on-write */
	written = generic_perform_write(iocb, from);
	if (extends)
		up_write(&inode->i_mapping->invalidate_lock);
	return written;
}
