// SPDX-License-Identifier: GPL-2.0
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include "demofs.h"

int demofs_fill_map(struct demofs_map *map, struct page *page)
{
	unsigned int nofs;
	int err = 0;

	nofs = memalloc_nofs_save();
	lock_page(page);
	if (!page->mapping) {
		err = -ESTALE;
		goto out;
	}
	map->table = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!map->table)
		err = -ENOMEM;
out:
	unlock_page(page);
	memalloc_nofs_restore(nofs);
	return err;
}

void demofs_map_begin(struct demofs_map *map)
{
	map->nofs = memalloc_nofs_save();
}

void demofs_map_end(struct demofs_map *map)
{
	memalloc_nofs_restore(map->nofs);
}
