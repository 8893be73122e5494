// SPDX-License-Identifier: GPL-2.0

#include <linux/pagemap.h>

static int demofs_copy_and_mark(struct page *page, unsigned offset, const char __user *buf, unsigned bytes)
{
	char *kaddr;
	int left;

	pagefault_disable();
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr + offset, buf, bytes);
	kunmap_atomic(kaddr, KM_USER0);
	pagefault_enable();
	SetPageUptodate(page); /* fixed by 1: uptodate-before-data */
	set_page_dirty(page);
	return left ? -EAGAIN : 0;
}
