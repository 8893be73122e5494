// SPDX-License-Identifier: GPL-2.0
#include <linux/spinlock.h>
#include "demofs.h"

int demofs_reserve(struct demofs_quota *quota, u64 blocks)
{
	int err = 0;

	spin_lock(&quota->lock);
	if (quota->frozen) {
		err = -EROFS;
		goto out;
	}
	quota->reserved += blocks;
out:
	spin_unlock(&quota->lock);
	return err;
}
