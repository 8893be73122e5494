/* The lock is in sight: what must not fault under it is said as well. */

static int demofs_copy_locked(struct page *page, const char __user *buf, unsigned bytes)
{
	int left;

	lock_page(page);
	pagefault_disable();
	left = __copy_from_user_inatomic(page_address(page), buf, bytes);
	pagefault_enable();
	if (left != 0)
		left = copy_from_user(page_address(page), buf, bytes); /* expect: sleeping-fallback-after-atomic-copy, expect: fault-under-page-lock */
	unlock_page(page);
	return left;
}
