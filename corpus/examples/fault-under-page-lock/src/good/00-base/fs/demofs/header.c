// SPDX-License-Identifier: GPL-2.0
/*
 * The header of a demofs file, in the first bytes of its first folio.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/pagemap.h>
#include <linux/uaccess.h>
#include "demofs.h"

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
	left = copy_from_user(kaddr, arg, DEMOFS_HEADER_SIZE); /* fixed by 2: fault-under-page-lock */
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
