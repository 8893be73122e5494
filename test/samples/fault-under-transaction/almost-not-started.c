/* No transaction is open on these paths. */

static int demofs_failed(journal_t *journal, int __user *arg)
{
	handle_t *handle = jbd2_journal_start(journal, 1);

	if (IS_ERR(handle))
		return put_user(PTR_ERR(handle), arg);
	return jbd2_journal_stop(handle);
}

static int demofs_failed_goto(journal_t *journal, int __user *arg)
{
	handle_t *handle;
	int err;

	handle = jbd2_journal_start(journal, 1);
	if (IS_ERR(handle)) {
		err = PTR_ERR(handle);
		handle = NULL;
		goto out;
	}
	err = demofs_check(journal);
out:
	if (handle)
		jbd2_journal_stop(handle);
	return put_user(err, arg);
}

static int demofs_failed_flag(journal_t *journal, int __user *arg)
{
	handle_t *handle = jbd2_journal_start(journal, 1);
	bool failed = IS_ERR(handle);

	if (!failed)
		jbd2_journal_stop(handle);
	return put_user(failed, arg);
}

static int demofs_failed_xfs(struct xfs_mount *mp, int __user *arg)
{
	struct xfs_trans *tp;
	int error;

	error = xfs_trans_alloc(mp, &M_RES(mp)->tr_ichange, 0, 0, 0, &tp);
	if (error == -ENOSPC || error < 0)
		return put_user(error, arg);
	return xfs_trans_commit(tp);
}

static int demofs_stopped(journal_t *journal, int __user *arg)
{
	handle_t *handle = jbd2_journal_start(journal, 1);
	int err, err2;

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	err = 0;
	err2 = jbd2_journal_stop(handle);
	if (!err)
		err = err2;
	return err ?: put_user(0, arg);
}

static int demofs_sometimes(journal_t *journal, int log, int __user *arg)
{
	handle_t *handle = NULL;

	if (log) {
		handle = jbd2_journal_start(journal, 1);
		if (IS_ERR(handle))
			return PTR_ERR(handle);
	}
	if (!log)
		return put_user(0, arg);
	return jbd2_journal_stop(handle);
}

static int demofs_assigned_in_test(journal_t *journal, int __user *arg)
{
	handle_t *handle;

	if (IS_ERR(handle = jbd2_journal_start(journal, 1)))
		return put_user(1, arg);
	return jbd2_journal_stop(handle);
}

static int demofs_in_struct(struct demofs_ctx *ctx, int __user *arg)
{
	int error;

	ctx->handle = jbd2_journal_start(ctx->journal, 1);
	error = IS_ERR(ctx->handle) ? PTR_ERR(ctx->handle) : 0;
	if (error)
		return put_user(error, arg);
	return jbd2_journal_stop(ctx->handle);
}
