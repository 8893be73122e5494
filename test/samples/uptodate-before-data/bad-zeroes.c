/* Zeroes over what may be data. */

static int demofs_zeroes(struct file *file, struct page *page, const char __user *buf, unsigned bytes)
{
	char *kaddr;
	int left;

	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr, buf, bytes);
	if (left)
		memset(kaddr + bytes - left, 0, left); /* expect: uptodate-before-data */
	kunmap_atomic(kaddr, KM_USER0);
	return demofs_commit_write(file, page, 0, bytes);
}
