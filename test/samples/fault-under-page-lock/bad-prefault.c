/* The prefault is a fault itself. */

static int demofs_prefault_late(struct page *page, const char __user *buf)
{
	int err;

	lock_page(page);
	err = fault_in_pages_readable(buf, PAGE_SIZE); /* expect: fault-under-page-lock (page) */
	unlock_page(page);
	return err;
}

static int demofs_prefault_iter(struct folio *folio, struct iov_iter *i)
{
	folio_lock(folio);
	if (fault_in_iov_iter_readable(i, PAGE_SIZE)) { /* expect: fault-under-page-lock (folio) */
		folio_unlock(folio);
		return -EFAULT;
	}
	folio_unlock(folio);
	return 0;
}
