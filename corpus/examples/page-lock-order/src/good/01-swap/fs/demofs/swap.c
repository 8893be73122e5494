// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>
#include "demofs.h"

static void demofs_swap(struct page **pages)
{
	lock_page(pages[0]);
	lock_page(pages[1]);
	demofs_exchange(pages[0]->index, pages[1]->index);
	unlock_page(pages[1]);
	unlock_page(pages[0]);
}
