/* Released around the call; another page; and a read whose end unlocks the page. */
static int demofs_make_writable(struct vm_area_struct *vma, struct page *page)
{
	int err = 0;

	lock_page(page);
	if (vma->vm_ops->page_mkwrite) {
		unlock_page(page);
		err = vma->vm_ops->page_mkwrite(vma, page);
		lock_page(page);
	}
	unlock_page(page);
	return err;
}

static void demofs_settle(struct page *page, struct page *next)
{
	lock_page(page);
	wait_on_page_locked(next);
	unlock_page(page);
}

static int demofs_read(struct demofs_file *file, struct page *page)
{
	lock_page(page);
	demofs_start_read(file, page);
	wait_on_page_locked(page);
	return PageUptodate(page) ? 0 : -EIO;
}
