/* By flag. */

static ssize_t demofs_flags(struct kiocb *iocb, struct iov_iter *from, struct demofs_inode *ip)
{
	ssize_t written;

	xfs_ilock(ip, XFS_IOLOCK_EXCL | XFS_MMAPLOCK_EXCL); /* expect: exclusive-fault-lock-on-write */
	written = iomap_file_buffered_write(iocb, from, &demofs_iomap_ops);
	xfs_iunlock(ip, XFS_IOLOCK_EXCL | XFS_MMAPLOCK_EXCL);
	return written;
}
