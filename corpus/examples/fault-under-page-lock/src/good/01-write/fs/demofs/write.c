// SPDX-License-Identifier: GPL-2.0
/*
 * Writing to demofs files. Their data is kept in the page cache only, so a
 * page that is not up to date is a hole.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/pagemap.h>
#include <linux/uaccess.h>
#include "demofs.h"

ssize_t demofs_write(struct file *file, const char __user *buf, size_t count,
		     loff_t *ppos)
{
	struct address_space *mapping = file->f_mapping;
	struct inode *inode = mapping->host;
	loff_t pos = *ppos;
	ssize_t written = 0;
	int err = 0;

	inode_lock(inode);
	while (count) {
		size_t offset = offset_in_page(pos);
		size_t bytes = min_t(size_t, count, PAGE_SIZE - offset);
		size_t copied;
		struct page *page;
		char *kaddr;

		/*
		 * The buffer may be a mapping of the page that we are going
		 * to lock, so let it fault now.
		 */
		if (fault_in_readable(buf, bytes)) {
			err = -EFAULT;
			break;
		}

		page = grab_cache_page(mapping, pos >> PAGE_SHIFT);
		if (!page) {
			err = -ENOMEM;
			break;
		}
		if (!PageUptodate(page))
			zero_user_segments(page, 0, offset,
					   offset + bytes, PAGE_SIZE);

		kaddr = kmap(page);
		pagefault_disable();
		copied = bytes - __copy_from_user_inatomic(kaddr + offset,
							   buf, bytes);
		pagefault_enable();
		kunmap(page);
		flush_dcache_page(page);

		/*
		 * The buffer went away again. Half a page of a hole is not
		 * worth keeping; go round once more for what is missing.
		 */
		if (copied < bytes && !PageUptodate(page))
			copied = 0;
		if (copied) {
			SetPageUptodate(page);
			set_page_dirty(page);
		}
		unlock_page(page);
		put_page(page);

		buf += copied;
		pos += copied;
		count -= copied;
		written += copied;
	}
	if (written && pos > i_size_read(inode))
		i_size_write(inode, pos);
	inode_unlock(inode);
	*ppos = pos;
	return written ? written : err;
}
