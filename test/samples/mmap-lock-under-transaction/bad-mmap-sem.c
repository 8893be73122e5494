static int demofs_pin_source(journal_t *journal, unsigned long addr, struct page **pages, int n)
{
	handle_t *handle = jbd2_journal_start(journal, n);
	int got;

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	down_read(&current->mm->mmap_sem); /* expect: mmap-lock-under-transaction (jbd2) */
	got = get_user_pages(current, current->mm, addr, n, 0, 0, pages, NULL);
	up_read(&current->mm->mmap_sem);
	jbd2_journal_stop(handle);
	return got;
}
