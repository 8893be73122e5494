/* A helper that fills its caller's locked page, in the names of 2.6. */

static size_t demofs_copy_in(struct page *page, unsigned long offset, const char __user *buf, unsigned bytes)
{
	char *kaddr;
	int left;

	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic_nocache(kaddr + offset, buf, bytes);
	kunmap_atomic(kaddr, KM_USER0);
	if (left) {
		kaddr = kmap(page);
		left = __copy_from_user(kaddr + offset, buf, bytes); /* expect: sleeping-fallback-after-atomic-copy (page) */
		kunmap(page);
	}
	return bytes - left;
}
