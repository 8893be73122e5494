/* Prefaulting after the start is the fault itself. */

static int demofs_late(journal_t *journal, const char __user *buf)
{
	handle_t *handle = jbd2_journal_start(journal, 4);

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	if (fault_in_readable(buf, 64)) /* expect: fault-under-transaction (prefault) */
		goto out;
	pagefault_disable();
	demofs_copy(buf);
	pagefault_enable();
out:
	jbd2_journal_stop(handle);
	return 0;
}
