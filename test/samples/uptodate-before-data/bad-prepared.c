/* A prepared write clears the page around its range and calls the page complete. */

static int demofs_prepare_write(struct file *file, struct page *page, unsigned from, unsigned to)
{
	char *kaddr;

	if (PageUptodate(page))
		return 0;
	kaddr = kmap_atomic(page, KM_USER0);
	memset(kaddr, 0, from);
	memset(kaddr + to, 0, PAGE_CACHE_SIZE - to);
	kunmap_atomic(kaddr, KM_USER0);
	SetPageUptodate(page); /* expect: uptodate-before-data */
	return 0;
}
