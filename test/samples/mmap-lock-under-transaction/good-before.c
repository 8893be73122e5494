static int demofs_pin_source(journal_t *journal, unsigned long addr, struct page **pages, int n)
{
	handle_t *handle;
	int got;

	down_read(&current->mm->mmap_sem);
	got = get_user_pages(current, current->mm, addr, n, 0, 0, pages, NULL);
	up_read(&current->mm->mmap_sem);
	if (got < 0)
		return got;
	handle = jbd2_journal_start(journal, n);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	demofs_log_pages(handle, pages, got);
	return jbd2_journal_stop(handle);
}
