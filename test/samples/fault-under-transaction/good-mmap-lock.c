/* The agreed ranking: mmap_lock first, the transaction inside it. */

static int demofs_ranked(struct mm_struct *mm, journal_t *journal)
{
	handle_t *handle;

	mmap_read_lock(mm);
	handle = jbd2_journal_start(journal, 1);
	if (!IS_ERR(handle))
		jbd2_journal_stop(handle);
	mmap_read_unlock(mm);
	return PTR_ERR_OR_ZERO(handle);
}
