/* A read: the page is not locked, so that its copy out may fault. */

static int demofs_actor(struct page *page, unsigned long offset, char __user *buf, unsigned long size)
{
	unsigned long left;
	char *kaddr;

	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_to_user_inatomic(buf, kaddr + offset, size);
	kunmap_atomic(kaddr, KM_USER0);
	if (left) {
		kaddr = kmap(page);
		left = __copy_to_user(buf, kaddr + offset, size);
		kunmap(page);
	}
	return size - left;
}
