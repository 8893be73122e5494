/* The page is not locked where the copy runs. */

static int demofs_after(struct page *page, void __user *buf)
{
	lock_page(page);
	SetPageUptodate(page);
	unlock_page(page);
	return copy_to_user(buf, page_address(page), PAGE_SIZE) ? -EFAULT : 0;
}

static int demofs_before(struct page *page, void *to, const void __user *buf)
{
	if (copy_from_user(to, buf, PAGE_SIZE))
		return -EFAULT;
	lock_page(page);
	memcpy(page_address(page), to, PAGE_SIZE);
	unlock_page(page);
	return 0;
}

static int demofs_no_page(struct address_space *mapping, void __user *buf)
{
	struct page *page = find_lock_page(mapping, 0);

	if (!page)
		return clear_user(buf, PAGE_SIZE) ? -EFAULT : 0;
	unlock_page(page);
	put_page(page);
	return 0;
}

static int demofs_only_found(struct address_space *mapping, void __user *buf)
{
	struct folio *folio = __filemap_get_folio(mapping, 0, FGP_ACCESSED, 0);
	int left;

	if (IS_ERR_OR_NULL(folio))
		return -ENOENT;
	left = copy_to_user(buf, folio_address(folio), PAGE_SIZE);
	folio_put(folio);
	return left;
}

static int demofs_error_code(struct page *page, int __user *arg)
{
	int ret;

	ret = lock_page_killable(page);
	if (ret)
		return put_user(ret, arg);
	unlock_page(page);
	return 0;
}

static int demofs_new_page(const char __user *buf)
{
	struct page *page = alloc_page(GFP_KERNEL);
	int left;

	if (!page)
		return -ENOMEM;
	__SetPageLocked(page);
	left = copy_from_user(page_address(page), buf, PAGE_SIZE);
	unlock_page(page);
	put_page(page);
	return left;
}
