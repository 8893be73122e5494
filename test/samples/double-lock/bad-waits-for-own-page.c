/* Implementations of the method lock the page themselves. */
static int demofs_make_writable(struct vm_area_struct *vma, struct page *page)
{
	int err = 0;

	lock_page(page);
	if (vma->vm_ops->page_mkwrite)
		err = vma->vm_ops->page_mkwrite(vma, page); /* expect: double-lock (waits for) */
	if (!err)
		set_page_dirty(page);
	unlock_page(page);
	return err;
}

static void demofs_settle(struct page *page)
{
	lock_page(page);
	ClearPageError(page);
	wait_on_page_locked(page); /* expect: double-lock (waits for) */
	unlock_page(page);
}
