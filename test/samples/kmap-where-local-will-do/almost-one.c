/* One at a time. */
static void stackfs_copy_in(struct page *page, const void *data, void *back)
{
	char *kaddr = kmap(page);

	memcpy(kaddr, data, PAGE_SIZE);
	memcpy(back, kaddr, 64);
	kunmap(page);
}
