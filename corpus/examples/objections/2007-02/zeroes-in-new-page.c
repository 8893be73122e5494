/* 07a-7: after a short copy the rest of a page that nobody can have read is zeroed, and committed. */

#include <linux/pagemap.h>

static int demofs_zero_and_commit(struct file *file, struct page *page, unsigned offset, const char __user *buf,
				  unsigned bytes)
{
	const struct address_space_operations *a_ops = page->mapping->a_ops;
	char *kaddr;
	int status;
	int left;

	status = a_ops->prepare_write(file, page, offset, offset + bytes);
	if (status)
		return status;
	pagefault_disable();
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr + offset, buf, bytes);
	if (left && !PageUptodate(page))
		memset(kaddr + offset + bytes - left, 0, left);
	kunmap_atomic(kaddr, KM_USER0);
	pagefault_enable();
	status = a_ops->commit_write(file, page, offset, offset + bytes);
	return status ? status : left ? -EAGAIN : 0;
}
