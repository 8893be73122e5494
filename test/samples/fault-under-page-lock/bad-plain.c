/* The plain case in three eras. */

static int demofs_write_24(struct page *page, const char *buf)
{
	int err;

	lock_page(page);
	err = __copy_from_user(kmap(page), buf, PAGE_CACHE_SIZE); /* expect: fault-under-page-lock (page) */
	kunmap(page);
	UnlockPage(page);
	return err ? -EFAULT : 0;
}

static int demofs_write_26(struct address_space *mapping, const char __user *buf)
{
	struct page *page = grab_cache_page(mapping, 0);
	unsigned long left;

	if (!page)
		return -ENOMEM;
	left = copy_from_user(kmap(page), buf, PAGE_CACHE_SIZE); /* expect: fault-under-page-lock (page) */
	kunmap(page);
	unlock_page(page);
	page_cache_release(page);
	return left ? -EFAULT : 0;
}

static size_t demofs_write_now(struct address_space *mapping, struct iov_iter *i)
{
	struct folio *folio;
	size_t copied;

	folio = __filemap_get_folio(mapping, 0, FGP_WRITEBEGIN, mapping_gfp_mask(mapping));
	if (IS_ERR(folio))
		return 0;
	copied = copy_page_from_iter(folio_page(folio, 0), 0, PAGE_SIZE, i); /* expect: fault-under-page-lock (folio) */
	folio_unlock(folio);
	folio_put(folio);
	return copied;
}
