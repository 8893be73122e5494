/* Prefault, lock, copy with page faults disabled, go round after a short copy. */

static int demofs_fill(struct address_space *mapping, const char __user *buf)
{
	unsigned long left;
	struct page *page;
	char *kaddr;

	do {
		if (fault_in_pages_readable(buf, PAGE_SIZE))
			return -EFAULT;
		page = grab_cache_page(mapping, 0);
		if (!page)
			return -ENOMEM;
		kaddr = kmap(page);
		pagefault_disable();
		left = __copy_from_user_inatomic(kaddr, buf, PAGE_SIZE);
		pagefault_enable();
		kunmap(page);
		unlock_page(page);
		put_page(page);
	} while (left);
	return 0;
}

static size_t demofs_fill_folio(struct address_space *mapping, struct iov_iter *i)
{
	struct folio *folio;
	size_t copied;

retry:
	if (fault_in_iov_iter_readable(i, PAGE_SIZE))
		return 0;
	folio = filemap_lock_folio(mapping, 0);
	if (IS_ERR(folio))
		return 0;
	copied = copy_folio_from_iter_atomic(folio, 0, PAGE_SIZE, i);
	folio_unlock(folio);
	folio_put(folio);
	if (!copied)
		goto retry;
	return copied;
}
