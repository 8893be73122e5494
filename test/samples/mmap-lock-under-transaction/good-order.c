/* The agreed order: mmap_lock first, the transaction inside. */
static int demofs_tag_range(journal_t *journal, struct mm_struct *mm, unsigned long start)
{
	handle_t *handle;
	int err;

	mmap_read_lock(mm);
	handle = jbd2_journal_start(journal, 2);
	err = PTR_ERR_OR_ZERO(handle);
	if (!err) {
		err = demofs_tag(handle, mm, start);
		jbd2_journal_stop(handle);
	}
	mmap_read_unlock(mm);
	return err;
}
