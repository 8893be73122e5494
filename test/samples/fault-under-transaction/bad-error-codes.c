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
