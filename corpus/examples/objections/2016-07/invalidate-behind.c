/* 16-0: the invalidation behind the write drops what a fault has mapped and dirtied meanwhile. */

#include <linux/dax.h>

static ssize_t demofs_direct_write(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	struct address_space *mapping = inode->i_mapping;
	pgoff_t first = iocb->ki_pos >> PAGE_SHIFT;
	pgoff_t last = (iocb->ki_pos + iov_iter_count(from) - 1) >> PAGE_SHIFT;
	ssize_t written;

	inode_lock(inode);
	written = invalidate_inode_pages2_range(mapping, first, last);
	if (written)
		goto out;
	written = dax_do_io(iocb, inode, from, demofs_get_block, NULL, 0);
	if (written > 0)
		invalidate_inode_pages2_range(mapping, first, last);
out:
	inode_unlock(inode);
	return written;
}
