/* Back by goto, in the names of 2.6. */

static int demofs_again(struct page *page, const char __user *buf, unsigned bytes)
{
	char *kaddr;
	int left;

again:
	fault_in_pages_readable(buf, bytes); /* expect: unchecked-prefault */
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr, buf, bytes);
	kunmap_atomic(kaddr, KM_USER0);
	if (left)
		goto again;
	return 0;
}
