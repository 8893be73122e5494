// SPDX-License-Identifier: GPL-2.0

#include <linux/highmem.h>

static inline size_t demofs_copy_in(struct page *page, unsigned long offset, const char __user *buf,
				    unsigned bytes)
{
	char *kaddr;
	int left;

	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr + offset, buf, bytes);
	kunmap_atomic(kaddr, KM_USER0);
	return bytes - left;
}
