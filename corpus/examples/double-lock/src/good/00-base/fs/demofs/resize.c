// SPDX-License-Identifier: GPL-2.0
#include <linux/mutex.h>
#include "demofs.h"

static void demofs_drop_cache(struct demofs_sb_info *sbi)
{
	mutex_lock(&sbi->s_cache_lock);
	sbi->s_cached = 0;
	mutex_unlock(&sbi->s_cache_lock);
}

void demofs_shrink(struct demofs_sb_info *sbi)
{
	mutex_lock(&sbi->s_cache_lock);
	if (sbi->s_cached > 64)
		demofs_drop_cache(sbi); /* fixed by 1: double-lock */
	mutex_unlock(&sbi->s_cache_lock);
}

int demofs_resize(struct demofs_sb_info *sbi, u64 blocks)
{
	int err;

	mutex_lock(&sbi->s_resize_lock);
	if (blocks <= sbi->s_blocks) {
		err = -EINVAL;
		mutex_unlock(&sbi->s_resize_lock);
		goto out;
	}
	sbi->s_blocks = blocks;
	err = 0;
out:
	mutex_unlock(&sbi->s_resize_lock); /* fixed by 1: double-lock */
	return err;
}

void demofs_shrink_if_idle(struct demofs_sb_info *sbi)
{
	if (!mutex_trylock(&sbi->s_cache_lock))
		return;
	sbi->s_cached /= 2;
	mutex_unlock(&sbi->s_cache_lock);
	demofs_drop_cache(sbi);
}
