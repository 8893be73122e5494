static int demofs_tag_range(journal_t *journal, struct mm_struct *mm, unsigned long start)
{
	handle_t *handle = jbd2_journal_start(journal, 2);
	int err;

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	err = mmap_write_lock_killable(mm); /* expect: mmap-lock-under-transaction (jbd2) */
	if (!err) {
		err = demofs_tag(handle, mm, start);
		mmap_write_unlock(mm);
	}
	jbd2_journal_stop(handle);
	return err;
}
