/* Whoever only tries waits for nobody. */
static int demofs_tag_range(journal_t *journal, struct mm_struct *mm, unsigned long start)
{
	handle_t *handle = jbd2_journal_start(journal, 2);
	int err = -EAGAIN;

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	if (mmap_read_trylock(mm)) {
		err = demofs_tag(handle, mm, start);
		mmap_read_unlock(mm);
	}
	jbd2_journal_stop(handle);
	return err;
}
