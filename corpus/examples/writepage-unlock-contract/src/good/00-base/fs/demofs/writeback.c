// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>
#include "demofs.h"

static int demofs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;

	if (!demofs_is_mounted(inode->i_sb))
		return -EIO; /* fixed by 1: writepage-unlock-contract */
	demofs_store(inode, page->index);
	unlock_page(page);
	return 0;
}

static struct address_space_operations demofs_aops = {
	.writepage = demofs_writepage,
};
