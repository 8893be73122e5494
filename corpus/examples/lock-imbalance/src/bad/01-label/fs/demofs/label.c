// SPDX-License-Identifier: GPL-2.0
#include <linux/mutex.h>
#include <linux/string.h>
#include "demofs.h"

int demofs_set_label(struct demofs_sb_info *sbi, const char *label)
{
	size_t len = strlen(label);

	mutex_lock(&sbi->s_label_lock);
	if (len >= sizeof(sbi->s_label))
		return -EINVAL; /* expect: lock-imbalance */
	memcpy(sbi->s_label, label, len + 1);
	mutex_unlock(&sbi->s_label_lock);
	return 0;
}

const char *demofs_get_label_locked(struct demofs_sb_info *sbi)
{
	mutex_lock(&sbi->s_label_lock);
	if (!sbi->s_label[0]) {
		mutex_unlock(&sbi->s_label_lock);
		return NULL;
	}
	return sbi->s_label;
}

void demofs_put_label(struct demofs_sb_info *sbi)
{
	mutex_unlock(&sbi->s_label_lock);
}
