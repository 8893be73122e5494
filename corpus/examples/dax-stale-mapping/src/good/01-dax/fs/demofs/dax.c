// SPDX-License-Identifier: GPL-2.0

#include <linux/dax.h>

static ssize_t demofs_dax_extent(struct inode *inode, loff_t pos, struct iomap *iomap, struct iov_iter *from,
				 void *address)
{
	size_t length = min_t(size_t, iomap->length, iov_iter_count(from));

	if (iomap->flags & IOMAP_F_NEW)
		invalidate_inode_pages2_range(inode->i_mapping, pos >> PAGE_SHIFT,
					      (pos + length - 1) >> PAGE_SHIFT);
	return dax_copy_from_iter(iomap->dax_dev, pos, address, length, from);
}
