// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/jbd.h>
#include <linux/slab.h>
#include "demofs.h"

static int demofs_save_policy(handle_t *handle, struct inode *inode, const void *policy, size_t size)
{
	struct policy *copy;
	int err;

	copy = kmalloc(sizeof(*copy) + size, GFP_NOFS);
	if (!copy)
		return -ENOMEM;
	memcpy(copy->data, policy, size);
	err = ext3_mark_inode_dirty(handle, inode);
	kfree(copy);
	return err;
}
