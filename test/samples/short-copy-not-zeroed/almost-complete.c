/* Another range is committed, but only of what was complete. */

static int demofs_rounded(struct page *page, unsigned from, const char __user *buf, unsigned bytes)
{
	char *kaddr;
	int left;

	demofs_prepare_write(NULL, page, from, from + bytes);
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr + from, buf, bytes);
	kunmap_atomic(kaddr, KM_USER0);
	if (left)
		return -EAGAIN;
	return demofs_commit_write(NULL, page, 0, PAGE_CACHE_SIZE);
}
