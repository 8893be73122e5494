/* What an unknown function reads may be all of the page. */

static int demofs_read_and_copy(struct address_space *mapping, const char __user *buf)
{
	struct page *page = grab_cache_page(mapping, 0);
	char *kaddr;
	int left;

	if (!page)
		return -ENOMEM;
	demofs_read_page(page);
	SetPageUptodate(page);
	kaddr = kmap_atomic(page);
	left = __copy_from_user_inatomic(kaddr, buf, 16);
	kunmap_atomic(kaddr);
	unlock_page(page);
	put_page(page);
	return left;
}
