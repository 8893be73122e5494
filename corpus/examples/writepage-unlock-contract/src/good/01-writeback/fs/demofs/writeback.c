// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>
#include "demofs.h"

static int demofs_writepage(struct page *page, struct writeback_control *wbc)
{
	int err = 0;

	if (!demofs_is_mounted(wbc->sync_mode)) {
		err = -EIO;
		goto out;
	}
	demofs_store(page->index);
out:
	unlock_page(page);
	return err;
}

static struct address_space_operations demofs_aops = {
	.writepage = demofs_writepage,
};
