/* The page is unlocked before the copy that may sleep, which goes elsewhere. */

static int demofs_bounce(struct page *page, void *bounce, const char __user *buf, unsigned bytes)
{
	int left;

	lock_page(page);
	pagefault_disable();
	left = __copy_from_user_inatomic(page_address(page), buf, bytes);
	pagefault_enable();
	unlock_page(page);
	if (left)
		left = copy_from_user(bounce, buf, bytes);
	return left;
}
