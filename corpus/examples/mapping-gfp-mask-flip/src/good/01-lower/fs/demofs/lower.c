// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>
#include "demofs.h"

static struct page *demofs_grab(struct address_space *lower, pgoff_t index)
{
	return find_or_create_page(lower, index, mapping_gfp_mask(lower) & ~__GFP_FS);
}
