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
