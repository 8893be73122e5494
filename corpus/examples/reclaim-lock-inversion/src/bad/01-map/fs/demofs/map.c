// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>
#include "demofs.h"

static int demofs_add(struct demofs_inode *di, u64 first)
{
	struct demofs_extent *extent;

	mutex_lock(&di->map_mutex);
	extent = kmalloc(sizeof(*extent), GFP_KERNEL); /* expect: reclaim-lock-inversion */
	if (extent)
		extent->first = first;
	di->extent = extent;
	mutex_unlock(&di->map_mutex);
	return extent ? 0 : -ENOMEM;
}

static int demofs_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct demofs_inode *di = DEMOFS_I(mapping->host);
	int err;

	mutex_lock(&di->map_mutex);
	err = demofs_write_map(di->first, wbc);
	mutex_unlock(&di->map_mutex);
	return err;
}

static const struct address_space_operations demofs_aops = {
	.writepages = demofs_writepages,
};
