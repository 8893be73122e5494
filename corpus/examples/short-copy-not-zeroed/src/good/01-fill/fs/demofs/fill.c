// SPDX-License-Identifier: GPL-2.0

#include <linux/pagemap.h>

static int demofs_fill_page(struct file *file, struct page *page, unsigned offset, const char __user *buf,
			    unsigned bytes)
{
	const struct address_space_operations *a_ops = page->mapping->a_ops;
	int status;
	char *kaddr;
	int left;

	status = a_ops->prepare_write(file, page, offset, offset + bytes);
	if (status)
		return status;
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr + offset, buf, bytes);
	if (left && !PageUptodate(page))
		memset(kaddr + offset, 0, bytes);
	kunmap_atomic(kaddr, KM_USER0);
	status = a_ops->commit_write(file, page, offset, offset + bytes);
	if (!status && left)
		status = -EAGAIN;
	return status;
}
