// SPDX-License-Identifier: GPL-2.0
#include <linux/buffer_head.h>
#include <linux/jbd2.h>
#include <linux/pagemap.h>
#include <linux/uaccess.h>
#include "demofs.h"

/*
 * Set the volume label. A label that crosses into a page that is not there
 * is copied again.
 */
int demofs_set_label(struct demofs_sb_info *sbi, const char __user *label)
{
	struct buffer_head *bh = sbi->s_sbh;
	unsigned long left = 0;
	handle_t *handle;
	int err;

	do {
		/* The last moment at which a fault is harmless. */
		err = fault_in_pages_readable(label, DEMOFS_LABEL_SIZE);
		if (err)
			return err;
		handle = jbd2_journal_start(sbi->s_journal, 1);
		if (IS_ERR(handle))
			return PTR_ERR(handle);
		err = jbd2_journal_get_write_access(handle, bh);
		if (err)
			goto stop;
		pagefault_disable();
		left = __copy_from_user_inatomic(bh->b_data + DEMOFS_LABEL,
						 label, DEMOFS_LABEL_SIZE);
		pagefault_enable();
		err = jbd2_journal_dirty_metadata(handle, bh);
stop:
		jbd2_journal_stop(handle);
	} while (!err && left);
	return err;
}
