// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/jbd2.h>
#include <linux/mm.h>
#include "demofs.h"

static int demofs_pin_page(journal_t *journal, unsigned long addr, struct page **page)
{
	handle_t *handle = jbd2_journal_start(journal, 1);
	long got;

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	mmap_read_lock(current->mm); /* expect: mmap-lock-under-transaction */
	got = get_user_pages(addr, 1, FOLL_WRITE, page);
	mmap_read_unlock(current->mm);
	demofs_log_page(handle, *page);
	jbd2_journal_stop(handle);
	return got < 0 ? got : 0;
}
