/* The second copy runs only where the first was complete. */

static int demofs_header_and_body(struct page *page, const char __user *buf, unsigned bytes)
{
	char *kaddr;
	int left;

	kaddr = kmap_atomic(page);
	left = __copy_from_user_inatomic(kaddr, buf, bytes);
	kunmap_atomic(kaddr);
	if (left)
		return -EAGAIN;
	kaddr = kmap(page);
	left = __copy_from_user(kaddr + bytes, buf + bytes, bytes);
	kunmap(page);
	return left;
}
