// SPDX-License-Identifier: GPL-2.0

#include <linux/dax.h>

static ssize_t demofs_dax_write(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	pgoff_t first = iocb->ki_pos >> PAGE_SHIFT;
	pgoff_t last = (iocb->ki_pos + iov_iter_count(from) - 1) >> PAGE_SHIFT;
	ssize_t written;

	inode_lock(inode);
	written = invalidate_inode_pages2_range(inode->i_mapping, first, last); /* expect: dax-stale-mapping */
	if (!written)
		written = dax_do_io(iocb, inode, from, demofs_get_block, NULL, 0);
	inode_unlock(inode);
	return written;
}
