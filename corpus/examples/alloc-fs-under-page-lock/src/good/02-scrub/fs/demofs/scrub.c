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

/*
 * Look at one cached folio. A folio that could not be read is put on the
 * list of reports; one that was truncated meanwhile is none of our business.
 */
int demofs_scrub_folio(struct demofs_sb_info *sbi, struct folio *folio)
{
	struct demofs_report *report;
	int err = 0;

	folio_lock(folio);
	if (!folio->mapping)
		goto out_unlock;
	if (!folio_test_uptodate(folio)) {
		err = -EIO;
		goto unreadable;
	}
	folio_unlock(folio);
	return 0;

unreadable:
	/* The folio is locked: reclaim must not wait for our own writeback. */
	report = kzalloc(sizeof(*report), GFP_NOFS);
	if (report) {
		report->index = folio->index;
		spin_lock(&sbi->s_report_lock);
		list_add_tail(&report->list, &sbi->s_reports);
		spin_unlock(&sbi->s_report_lock);
	}
out_unlock:
	folio_unlock(folio);
	return err;
}
