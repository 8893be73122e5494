// SPDX-License-Identifier: GPL-2.0
#include <linux/rculist.h>
#include "demofs.h"

struct demofs_dev *demofs_find_dev(struct demofs_sb_info *sbi, int id)
{
	struct demofs_dev *dev;

	rcu_read_lock();
	list_for_each_entry_rcu(dev, &sbi->s_devs, list) {
		if (dev->id == id) {
			atomic_inc(&dev->refs);
			rcu_read_unlock();
			return dev;
		}
	}
	rcu_read_unlock();
	return NULL;
}
