// SPDX-License-Identifier: GPL-2.0
/*
 * The demofs scrubber: walks the cached part of a file and keeps a list of
 * what it could not read.
 */
#include <linux/list.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "demofs.h"

void demofs_free_reports(struct demofs_sb_info *sbi)
{
	struct demofs_report *report, *next;

	list_for_each_entry_safe(report, next, &sbi->s_reports, list) {
		list_del(&report->list);
		kfree(report);
	}
}
