/* One function a journal. */

static int demofs_jbd(journal_t *journal, char *tag, const char *arg)
{
	handle_t *handle = journal_start(journal, 1);
	int err = 0;

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	if (copy_from_user(tag, arg, 16)) /* expect: fault-under-transaction (jbd) */
		err = -EFAULT;
	journal_stop(handle);
	return err;
}

static int demofs_ext4(struct inode *inode, char *tag, const char __user *arg)
{
	handle_t *handle;
	int err = 0;

	handle = ext4_journal_start(inode, EXT4_HT_MISC, 1);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	if (copy_from_user(tag, arg, 16)) /* expect: fault-under-transaction (jbd2) */
		err = -EFAULT;
	ext4_journal_stop(handle);
	return err;
}

static int demofs_reiserfs(struct super_block *sb, struct inode *inode, char *to, const char *from)
{
	struct reiserfs_transaction_handle th;
	int left;

	journal_begin(&th, sb, 10);
	reiserfs_update_sd(&th, inode);
	left = __copy_from_user(to, from, 64); /* expect: fault-under-transaction (reiserfs) */
	journal_end(&th, sb, 10);
	return left;
}

static int demofs_xfs(struct xfs_inode *ip, void __user *arg)
{
	struct xfs_trans_res *need = &M_RES(ip->i_mount)->tr_writeid;
	struct xfs_trans *tp;
	int failed = xfs_trans_alloc(ip->i_mount, need, 1, 0, 0, &tp);

	if (failed)
		return failed;
	xfs_trans_ijoin(tp, ip, 0);
	if (put_user(0, (int __user *)arg)) { /* expect: fault-under-transaction (XFS) */
		xfs_trans_cancel(tp);
		return -EFAULT;
	}
	return xfs_trans_commit(tp);
}

static int demofs_btrfs(struct btrfs_root *root, void __user *arg)
{
	struct btrfs_trans_handle *trans = btrfs_start_transaction(root, 1);
	int left;

	if (IS_ERR(trans))
		return PTR_ERR(trans);
	left = copy_to_user(arg, "demofs", 7); /* expect: fault-under-transaction (btrfs) */
	btrfs_end_transaction(trans);
	return left;
}

static int demofs_gfs2(struct gfs2_sbd *sdp, const void __user *arg)
{
	char c;
	int error = gfs2_trans_begin(sdp, 2, 0);

	if (error)
		return error;
	error = get_user(c, (const char __user *)arg); /* expect: fault-under-transaction (gfs2) */
	gfs2_trans_end(sdp);
	return error;
}
