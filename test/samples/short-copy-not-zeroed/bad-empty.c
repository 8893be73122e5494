/* An empty commit. */

static int demofs_fill(struct file *file, struct page *page, unsigned offset, const char __user *buf, unsigned bytes)
{
	const struct address_space_operations *a_ops = page->mapping->a_ops;
	char *kaddr;
	int left;

	if (a_ops->prepare_write(file, page, offset, offset + bytes))
		return -ENOSPC;
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr + offset, buf, bytes);
	kunmap_atomic(kaddr, KM_USER0);
	if (left) {
		a_ops->commit_write(file, page, offset, offset); /* expect: short-copy-not-zeroed */
		return -EAGAIN;
	}
	return a_ops->commit_write(file, page, offset, offset + bytes);
}
