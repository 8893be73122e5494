/* Allocation scopes govern reclaim, not page faults; kmap_local_page() leaves faults on. */

static unsigned long demofs_nofs_copy(struct page *page, const void __user *buf)
{
	unsigned int flags = memalloc_nofs_save();
	unsigned long left;
	char *kaddr;

	lock_page(page);
	kaddr = kmap_local_page(page);
	left = copy_from_user(kaddr, buf, PAGE_SIZE); /* expect: fault-under-page-lock (page) */
	kunmap_local(kaddr);
	unlock_page(page);
	memalloc_nofs_restore(flags);
	return left;
}
