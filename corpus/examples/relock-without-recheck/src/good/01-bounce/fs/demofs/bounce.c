// SPDX-License-Identifier: GPL-2.0

#include <linux/pagemap.h>

static int demofs_copy_slowly(struct page *page, struct page *bounce, unsigned offset, const char __user *buf,
			      unsigned bytes)
{
	struct address_space *mapping = page->mapping;
	char *from;
	char *to;
	int left;

	unlock_page(page);
	from = kmap(bounce);
	left = __copy_from_user(from, buf, bytes);
	kunmap(bounce);
	lock_page(page);
	if (page->mapping != mapping)
		return -EAGAIN;
	if (left)
		return -EFAULT;
	from = kmap_atomic(bounce, KM_USER0);
	to = kmap_atomic(page, KM_USER1);
	memcpy(to + offset, from, bytes);
	kunmap_atomic(to, KM_USER1);
	kunmap_atomic(from, KM_USER0);
	set_page_dirty(page);
	return 0;
}
