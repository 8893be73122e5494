/* The rest of a new page is cleared, all of the range committed. */

static int demofs_zeroed(struct file *file, struct page *page, unsigned offset, const char __user *buf, unsigned bytes)
{
	const struct address_space_operations *a_ops = page->mapping->a_ops;
	char *kaddr;
	int left;

	if (a_ops->prepare_write(file, page, offset, offset + bytes))
		return -ENOSPC;
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr + offset, buf, bytes);
	if (left && !PageUptodate(page))
		memset(kaddr + offset, 0, bytes);
	kunmap_atomic(kaddr, KM_USER0);
	return a_ops->commit_write(file, page, offset, offset + bytes);
}
