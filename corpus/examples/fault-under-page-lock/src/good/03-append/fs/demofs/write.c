// SPDX-License-Identifier: GPL-2.0
/*
 * Writing to demofs files. Their data is kept in the page cache only, so a
 * page that is not up to date is a hole.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/pagemap.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
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

/* Append to the file; the position of the call does not matter. */
ssize_t demofs_append_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct address_space *mapping = iocb->ki_filp->f_mapping;
	struct inode *inode = mapping->host;
	ssize_t written = 0;
	loff_t pos;
	int err = 0;

	inode_lock(inode);
	pos = i_size_read(inode);
	while (iov_iter_count(from)) {
		size_t bytes = min_t(size_t, iov_iter_count(from),
				     PAGE_SIZE - offset_in_page(pos));
		struct folio *folio;
		size_t offset, copied;
		char *kaddr;

		if (fault_in_iov_iter_readable(from, bytes)) {
			err = -EFAULT;
			break;
		}

		folio = __filemap_get_folio(mapping, pos >> PAGE_SHIFT,
					    FGP_LOCK | FGP_CREAT, GFP_NOFS);
		if (!folio) {
			err = -ENOMEM;
			break;
		}
		offset = offset_in_folio(folio, pos);
		if (!folio_test_uptodate(folio))
			folio_zero_segments(folio, 0, offset, offset + bytes,
					    folio_size(folio));

		kaddr = kmap_local_folio(folio, offset);
		pagefault_disable();
		copied = copy_from_iter(kaddr, bytes, from);
		pagefault_enable();
		kunmap_local(kaddr);
		flush_dcache_folio(folio);

		if (copied < bytes && !folio_test_uptodate(folio)) {
			iov_iter_revert(from, copied);
			copied = 0;
		}
		if (copied) {
			folio_mark_uptodate(folio);
			folio_mark_dirty(folio);
		}
		folio_unlock(folio);
		folio_put(folio);

		pos += copied;
		written += copied;
	}
	if (written)
		i_size_write(inode, pos);
	inode_unlock(inode);
	return written ? written : err;
}
