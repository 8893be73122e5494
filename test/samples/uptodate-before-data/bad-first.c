/* First the mark, then the data. */

static int demofs_first(struct address_space *mapping, const char __user *buf)
{
	struct page *page = grab_cache_page(mapping, 0);
	char *kaddr;
	int left;

	if (!page)
		return -ENOMEM;
	SetPageUptodate(page); /* expect: uptodate-before-data */
	kaddr = kmap_atomic(page);
	left = __copy_from_user_inatomic(kaddr, buf, PAGE_SIZE);
	kunmap_atomic(kaddr);
	unlock_page(page);
	put_page(page);
	return left;
}
