/* Page faults are on again before the transaction stops, and user memory is touched through memdup_user(). */

static int demofs_early(journal_t *journal, int __user *arg)
{
	handle_t *handle = jbd2_journal_start(journal, 1);
	int err;

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	pagefault_disable();
	err = __put_user(1, arg);
	pagefault_enable();
	if (err)
		err = __put_user(1, arg); /* expect: fault-under-transaction (jbd2) */
	jbd2_journal_stop(handle);
	return err;
}

static int demofs_dup(journal_t *journal, const void __user *arg)
{
	handle_t *handle = jbd2_journal_start(journal, 1);
	void *copy;

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	copy = memdup_user(arg, 64); /* expect: fault-under-transaction (jbd2) */
	jbd2_journal_stop(handle);
	kfree(copy);
	return 0;
}
