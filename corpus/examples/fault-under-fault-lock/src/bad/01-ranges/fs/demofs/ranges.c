// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/uaccess.h>
#include "demofs.h"

static int demofs_get_ranges(struct mm_struct *mm, struct range __user *to, int n)
{
	struct range range;
	int i, err = 0;

	mmap_read_lock(mm);
	for (i = 0; i < n && !err; i++) {
		demofs_range(mm, i, &range);
		if (copy_to_user(to + i, &range, sizeof(range))) /* expect: fault-under-fault-lock */
			err = -EFAULT;
	}
	mmap_read_unlock(mm);
	return err;
}
