/* The mark does not wait for the result. */

static int demofs_mark(struct page *page, const char __user *buf, unsigned bytes)
{
	char *kaddr;
	int left;

	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr, buf, bytes);
	kunmap_atomic(kaddr, KM_USER0);
	SetPageUptodate(page); /* expect: uptodate-before-data (page) */
	return left;
}

static int demofs_mark_short(struct folio *folio, struct iov_iter *i)
{
	size_t copied = copy_folio_from_iter_atomic(folio, 0, PAGE_SIZE, i);

	if (!copied)
		folio_mark_uptodate(folio); /* expect: uptodate-before-data (folio) */
	return 0;
}
