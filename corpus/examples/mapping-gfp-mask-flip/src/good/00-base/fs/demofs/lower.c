// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>
#include "demofs.h"

static struct page *demofs_grab(struct address_space *lower, pgoff_t index)
{
	gfp_t old = mapping_gfp_mask(lower);
	struct page *page;

	mapping_set_gfp_mask(lower, old & ~(__GFP_IO | __GFP_FS)); /* fixed by 1: mapping-gfp-mask-flip */
	page = grab_cache_page(lower, index);
	mapping_set_gfp_mask(lower, old);
	return page;
}
