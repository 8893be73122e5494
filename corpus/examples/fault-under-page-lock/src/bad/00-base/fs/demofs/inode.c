// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/pagemap.h>
#include "demofs.h"

/* Called with the inode locked. */
void demofs_truncate(struct inode *inode, loff_t size)
{
	truncate_setsize(inode, size);
	inode->i_mtime = inode->i_ctime = current_time(inode);
}
