/* Page faults are enabled again before the second copy. */

static unsigned long demofs_fallback(struct page *page, const char __user *buf)
{
	unsigned long left;

	lock_page(page);
	pagefault_disable();
	left = __copy_from_user_inatomic(page_address(page), buf, PAGE_SIZE);
	pagefault_enable();
	if (left)
		left = __copy_from_user(page_address(page), buf, PAGE_SIZE); /* expect: fault-under-page-lock, expect: sleeping-fallback-after-atomic-copy (page) */
	unlock_page(page);
	return left;
}

static unsigned long demofs_kmap_fallback(struct page *page, const char *buf)
{
	char *kaddr;
	int left;

	lock_page(page);
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user(kaddr, buf, PAGE_SIZE);
	kunmap_atomic(kaddr, KM_USER0);
	if (left != 0) {
		kaddr = kmap(page);
		left = __copy_from_user(kaddr, buf, PAGE_SIZE); /* expect: fault-under-page-lock, expect: sleeping-fallback-after-atomic-copy (page) */
		kunmap(page);
	}
	unlock_page(page);
	return left;
}
