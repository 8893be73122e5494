/* A fault on a mapping of the file reads its extents, under the ILOCK. */
static int demofs_report_extents(struct xfs_inode *ip, struct extent __user *to, int n)
{
	struct extent extent;
	int i, err = 0;

	xfs_ilock(ip, XFS_ILOCK_SHARED);
	for (i = 0; i < n && !err; i++) {
		demofs_extent(ip, i, &extent);
		if (copy_to_user(to + i, &extent, sizeof(extent))) /* expect: fault-under-fault-lock (ILOCK) */
			err = -EFAULT;
	}
	xfs_iunlock(ip, XFS_ILOCK_SHARED);
	return err;
}
