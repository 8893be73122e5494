/* Somebody got the handle, or what holds it. */

static int demofs_handed(journal_t *journal, int __user *arg)
{
	handle_t *handle = jbd2_journal_start(journal, 1);

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	demofs_finish(handle, 0);
	return put_user(0, arg);
}

static int demofs_handed_ctx(struct demofs_ctx *ctx, int __user *arg)
{
	ctx->handle = jbd2_journal_start(ctx->journal, 1);
	if (IS_ERR(ctx->handle))
		return PTR_ERR(ctx->handle);
	demofs_end(ctx);
	return put_user(0, arg);
}

static int demofs_rolled(struct xfs_mount *mp, int __user *arg)
{
	struct xfs_trans_res *need = &M_RES(mp)->tr_writeid;
	struct xfs_trans *tp;
	int failed = xfs_trans_alloc(mp, need, 1, 0, 0, &tp);

	if (failed)
		return failed;
	failed = xfs_trans_roll(&tp);
	if (failed)
		return put_user(failed, arg);
	return xfs_trans_commit(tp);
}

static int demofs_all_stopped(journal_t **journals, handle_t **handles, int n, int __user *arg)
{
	int i;

	for (i = 0; i < n; i++) {
		handles[i] = jbd2_journal_start(journals[i], 1);
		if (IS_ERR(handles[i]))
			break;
	}
	while (--i >= 0)
		jbd2_journal_stop(handles[i]);
	return put_user(0, arg);
}

/* It may be called without a handle, and does not know here. */
static int demofs_callers(handle_t *handle, struct inode *inode, int __user *arg)
{
	int err = put_user(0, arg);

	if (handle && !err)
		err = demofs_log(handle, inode);
	return err;
}

static int demofs_old_xfs(struct xfs_mount *mp, int __user *arg)
{
	struct xfs_trans *tp = xfs_trans_alloc(mp, XFS_TRANS_DUMMY1);

	xfs_trans_cancel(tp, 0);
	return put_user(0, arg);
}
