/* Blocks are allocated, nothing is in them, and the page can be read. */

static int demofs_unlocked(struct file *file, struct page *page, const char __user *buf, unsigned bytes)
{
	const struct address_space_operations *a_ops = page->mapping->a_ops;
	char *kaddr;
	int left;

	lock_page(page);
	if (a_ops->prepare_write(file, page, 0, bytes)) {
		unlock_page(page);
		return -ENOSPC;
	}
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr, buf, bytes);
	kunmap_atomic(kaddr, KM_USER0);
	if (left) {
		unlock_page(page); /* expect: uptodate-before-data */
		return -EAGAIN;
	}
	a_ops->commit_write(file, page, 0, bytes);
	unlock_page(page);
	return 0;
}
