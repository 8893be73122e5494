/* All of the page is cleared, or the mark is left to the commit. */

static int demofs_prepare_write(struct file *file, struct page *page, unsigned from, unsigned to)
{
	char *kaddr = kmap_atomic(page, KM_USER0);

	memset(kaddr, 0, from);
	memset(kaddr + to, 0, PAGE_CACHE_SIZE - to);
	kunmap_atomic(kaddr, KM_USER0);
	return 0;
}

static int demofs_failed_prepare_write(struct page *page, unsigned from, unsigned to)
{
	char *kaddr = kmap_atomic(page, KM_USER0);

	memset(kaddr + to, 0, PAGE_CACHE_SIZE - to);
	memset(kaddr, 0, PAGE_CACHE_SIZE);
	kunmap_atomic(kaddr, KM_USER0);
	SetPageUptodate(page);
	return -EIO;
}
