// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/jbd2.h>
#include <linux/pagemap.h>
#include <linux/uaccess.h>
#include "demofs.h"

long demofs_ioc_getgoal(struct inode *inode, u32 __user *arg)
{
	return put_user(DEMOFS_I(inode)->i_goal, arg);
}

/*
 * Move up to arg->goal blocks of the file towards its start, each in its own
 * transaction. arg->moved says how many were moved, also when the call fails.
 */
long demofs_ioc_compact(struct inode *inode, struct demofs_compact __user *arg)
{
	journal_t *journal = DEMOFS_SB(inode->i_sb)->s_journal;
	handle_t *handle;
	u32 moved = 0;
	u32 goal;
	int err = 0;

	if (get_user(goal, &arg->goal))
		return -EFAULT;

	while (moved < goal && !err) {
		handle = jbd2_journal_start(journal, DEMOFS_MOVE_CREDITS);
		if (IS_ERR(handle)) {
			/* No transaction is open here: this may fault. */
			if (put_user(moved, &arg->moved))
				return -EFAULT;
			return PTR_ERR(handle);
		}
		err = demofs_move_block(handle, inode, moved);
		if (!err)
			moved++;
		jbd2_journal_stop(handle);
	}
	if (put_user(moved, &arg->moved))
		return -EFAULT;
	return err;
}
