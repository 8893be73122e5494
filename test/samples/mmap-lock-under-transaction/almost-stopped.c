static int demofs_tag_after(journal_t *journal, struct mm_struct *mm, unsigned long start)
{
	handle_t *handle = jbd2_journal_start(journal, 2);
	int err = 0;

	if (!IS_ERR(handle)) {
		err = demofs_log(handle, start);
		jbd2_journal_stop(handle);
	}
	mmap_read_lock(mm);
	demofs_mark(mm, start);
	mmap_read_unlock(mm);
	return err;
}

/* Another lock has no ranking that is known here. */
static int demofs_tag_names(journal_t *journal, struct demofs_names *names)
{
	handle_t *handle = jbd2_journal_start(journal, 2);
	int err;

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	down_read(&names->sem);
	err = demofs_log(handle, names->first);
	up_read(&names->sem);
	jbd2_journal_stop(handle);
	return err;
}
