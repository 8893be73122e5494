/* A copy with page faults disabled, into a page that may be gone. */

static int demofs_copy_again(struct page *page, const char __user *buf)
{
	char *kaddr;
	int left;

	unlock_page(page);
	if (fault_in_readable(buf, PAGE_SIZE))
		return -EFAULT;
	lock_page(page); /* expect: relock-without-recheck */
	kaddr = kmap_atomic(page);
	left = __copy_from_user_inatomic(kaddr, buf, PAGE_SIZE);
	kunmap_atomic(kaddr);
	return left;
}
