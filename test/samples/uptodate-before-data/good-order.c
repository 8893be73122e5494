/* The mark comes when the data is there. */

static int demofs_order(struct page *page, const char __user *buf)
{
	char *kaddr;
	int left;

	kaddr = kmap_atomic(page);
	left = __copy_from_user_inatomic(kaddr, buf, PAGE_SIZE);
	kunmap_atomic(kaddr);
	if (left)
		return -EAGAIN;
	SetPageUptodate(page);
	return 0;
}

static int demofs_cleared(struct page *page, const char __user *buf, unsigned bytes)
{
	char *kaddr;
	int left;

	kaddr = kmap_atomic(page);
	left = __copy_from_user_inatomic(kaddr, buf, bytes);
	if (left && !PageUptodate(page))
		memset(kaddr, 0, PAGE_SIZE);
	kunmap_atomic(kaddr);
	SetPageUptodate(page);
	return left;
}
