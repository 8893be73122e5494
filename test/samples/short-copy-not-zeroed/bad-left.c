/* The same with what was left out. */

static int demofs_cut_left(struct page *page, unsigned from, const char __user *buf, unsigned bytes)
{
	char *kaddr;
	int left;

	if (demofs_prepare_write(NULL, page, from, from + bytes))
		return -EIO;
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr + from, buf, bytes);
	kunmap_atomic(kaddr, KM_USER0);
	return demofs_commit_write(NULL, page, from, from + bytes - left); /* expect: short-copy-not-zeroed */
}
