/* No lock, and a page of its own. */

static int demofs_ring_write(struct demofs_ring *ring, const char __user *buf, unsigned bytes)
{
	struct page *page = alloc_page(GFP_KERNEL);
	char *kaddr;
	int left;

	if (!page)
		return -ENOMEM;
	kaddr = kmap_atomic(page);
	left = __copy_from_user_inatomic(kaddr, buf, bytes);
	kunmap_atomic(kaddr);
	if (left) {
		kaddr = kmap(page);
		left = __copy_from_user(kaddr, buf, bytes);
		kunmap(page);
	}
	demofs_ring_add(ring, page);
	return left;
}
