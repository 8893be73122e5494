// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>
#include "demofs.h"

static int demofs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct page *below = demofs_below(page->index);
	int err = -EIO;

	if (below && !wbc->for_reclaim)
		err = below->mapping->a_ops->writepage(below, wbc); /* fixed by 1: writepage-activate-leak */
	unlock_page(page);
	return err;
}

static struct address_space_operations demofs_aops = {
	.writepage = demofs_writepage,
};
