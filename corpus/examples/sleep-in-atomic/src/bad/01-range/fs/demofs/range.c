// SPDX-License-Identifier: GPL-2.0
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "demofs.h"

int demofs_note_range(struct demofs_sb_info *sbi, u64 start)
{
	struct demofs_range *range;

	spin_lock(&sbi->s_range_lock);
	range = kmalloc(sizeof(*range), GFP_KERNEL); /* expect: sleep-in-atomic */
	if (range) {
		range->start = start;
		list_add(&range->list, &sbi->s_ranges);
	}
	spin_unlock(&sbi->s_range_lock);
	return range ? 0 : -ENOMEM;
}

int demofs_note_range_atomic(struct demofs_sb_info *sbi, u64 start)
{
	struct demofs_range *range;
	unsigned long flags;

	spin_lock_irqsave(&sbi->s_irq_lock, flags);
	range = kmalloc(sizeof(*range), GFP_ATOMIC);
	if (range) {
		range->start = start;
		list_add(&range->list, &sbi->s_irq_ranges);
	}
	spin_unlock_irqrestore(&sbi->s_irq_lock, flags);
	return range ? 0 : -ENOMEM;
}

int demofs_first_range(struct demofs_sb_info *sbi, u64 __user *to)
{
	struct demofs_range *range;
	u64 start = 0;

	spin_lock(&sbi->s_range_lock);
	range = list_first_entry_or_null(&sbi->s_ranges, struct demofs_range, list);
	if (range)
		start = range->start;
	spin_unlock(&sbi->s_range_lock);
	return put_user(start, to);
}
