// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/uaccess.h>
#include "demofs.h"

static int demofs_get_ranges(struct mm_struct *mm, struct range __user *to, int n)
{
	struct range range;
	int i;

	for (i = 0; i < n; i++) {
		mmap_read_lock(mm);
		demofs_range(mm, i, &range);
		mmap_read_unlock(mm);
		if (copy_to_user(to + i, &range, sizeof(range)))
			return -EFAULT;
	}
	return 0;
}
