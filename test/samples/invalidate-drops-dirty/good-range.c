/* The range that is written. */

static ssize_t demofs_range(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	pgoff_t first = iocb->ki_pos >> PAGE_SHIFT;
	ssize_t ret = invalidate_inode_pages2_range(inode->i_mapping, first, first);

	return ret ? ret : dax_iomap_rw(iocb, from, &demofs_iomap_ops);
}
