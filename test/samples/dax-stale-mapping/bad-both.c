/* Both: what is dropped behind the write is the worse of the two. */

static ssize_t demofs_both(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	ssize_t written;

	inode_lock(inode);
	invalidate_inode_pages2_range(inode->i_mapping, 0, 1);
	written = dax_do_io(iocb, inode, from, demofs_get_block, NULL, DIO_LOCKING);
	invalidate_mapping_pages(inode->i_mapping, 0, 1); /* expect: dax-stale-mapping */
	inode_unlock(inode);
	return written;
}
