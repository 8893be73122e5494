/* The transaction of the round before is still open when the loop copies again. */

static int demofs_rounds(journal_t *journal, const char __user *buf, int n)
{
	handle_t *handle = NULL;
	char tag[16];
	int err = 0;

	while (n--) {
		if (copy_from_user(tag, buf, sizeof(tag))) { /* expect: fault-under-transaction (jbd2) */
			err = -EFAULT;
			break;
		}
		if (!handle)
			handle = jbd2_journal_start(journal, 16);
		if (IS_ERR(handle))
			return PTR_ERR(handle);
		demofs_log(tag);
	}
	if (handle)
		jbd2_journal_stop(handle);
	return err;
}
