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

		page = grab_cache_page(mapping, pos >> PAGE_SHIFT);
		if (!page) {
			err = -ENOMEM;
			break;
		}
		if (!PageUptodate(page))
			zero_user_segments(page, 0, offset,
					   offset + bytes, PAGE_SIZE);

		kaddr = kmap(page);
		copied = bytes - copy_from_user(kaddr + offset, buf, bytes); /* expect: fault-under-page-lock */
		kunmap(page);
		flush_dcache_page(page);

		/* Half a page of a hole is not worth keeping. */
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
		if (copied < bytes) {
			err = -EFAULT;
			break;
		}
	}
	if (written)
		demofs_extend(inode, pos);
	inode_unlock(inode);
	*ppos = pos;
	return written ? written : err;
}

/* The header is at the start of the file; it is written whole. */
int demofs_write_header(struct inode *inode, const void __user *arg)
{
	struct folio *folio;
	unsigned long left;
	void *kaddr;

	folio = __filemap_get_folio(inode->i_mapping, 0, FGP_LOCK | FGP_CREAT,
				    GFP_NOFS);
	if (!folio)
		return -ENOMEM;
	if (!folio_test_uptodate(folio))
		folio_zero_segment(folio, DEMOFS_HEADER_SIZE,
				   folio_size(folio));

	kaddr = kmap_local_folio(folio, 0);
	left = copy_from_user(kaddr, arg, DEMOFS_HEADER_SIZE); /* expect: fault-under-page-lock */
	kunmap_local(kaddr);
	flush_dcache_folio(folio);
	if (!left) {
		folio_mark_uptodate(folio);
		folio_mark_dirty(folio);
	}
	folio_unlock(folio);
	folio_put(folio);
	return left ? -EFAULT : 0;
}
