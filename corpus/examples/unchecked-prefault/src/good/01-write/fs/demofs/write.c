// SPDX-License-Identifier: GPL-2.0

#include <linux/pagemap.h>

static ssize_t demofs_write_loop(struct address_space *mapping, pgoff_t index, const char __user *buf,
				 unsigned bytes)
{
	struct page *page;
	char *kaddr;
	int left;

again:
	if (fault_in_pages_readable(buf, bytes))
		return -EFAULT;
	page = grab_cache_page(mapping, index);
	if (!page)
		return -ENOMEM;
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr, buf, bytes);
	kunmap_atomic(kaddr, KM_USER0);
	unlock_page(page);
	page_cache_release(page);
	if (left)
		goto again;
	return bytes;
}
