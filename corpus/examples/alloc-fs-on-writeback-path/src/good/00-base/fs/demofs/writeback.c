// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>
#include "demofs.h"

static int demofs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct demofs_note *note = kmalloc(sizeof(*note), GFP_KERNEL); /* fixed by 1: alloc-fs-on-writeback-path */

	if (!note) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return 0;
	}
	demofs_keep(note, page->index);
	unlock_page(page);
	return 0;
}

static struct address_space_operations demofs_aops = {
	.writepage = demofs_writepage,
};
