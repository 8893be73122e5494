/* The start is checked in other ways. */

static int demofs_or_zero(journal_t *journal, int __user *arg)
{
	handle_t *handle = jbd2_journal_start(journal, 1);
	int err = PTR_ERR_OR_ZERO(handle);

	if (err)
		return err;
	err = put_user(1, arg); /* expect: fault-under-transaction (jbd2) */
	jbd2_journal_stop(handle);
	return err;
}

static int demofs_positive(journal_t *journal, int __user *arg)
{
	handle_t *handle;
	int err = 0;

	handle = jbd2_journal_start(journal, 1);
	if (!IS_ERR(handle)) {
		err = put_user(1, arg); /* expect: fault-under-transaction (jbd2) */
		jbd2_journal_stop(handle);
	}
	return err;
}

static int demofs_unchecked(journal_t *journal, int __user *arg)
{
	handle_t *handle = jbd2_journal_start(journal, 1);
	int err = put_user(1, arg); /* expect: fault-under-transaction (jbd2) */

	jbd2_journal_stop(handle);
	return err;
}

/* The inode went to somebody unknown; the transaction is the task's, not the inode's. */
static int demofs_with_inode(struct inode *inode, int __user *arg)
{
	handle_t *handle = ext4_journal_start(inode, EXT4_HT_MISC, 1);
	int err;

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	demofs_touch(inode);
	err = put_user(1, arg); /* expect: fault-under-transaction (jbd2) */
	ext4_journal_stop(handle);
	return err;
}
