// SPDX-License-Identifier: GPL-2.0
/*
 * The data of a small demofs file lives in the block of its inode, behind the
 * inode itself.
 */
#include <linux/buffer_head.h>
#include <linux/fs.h>
#include <linux/jbd2.h>
#include <linux/pagemap.h>
#include <linux/uaccess.h>
#include "demofs.h"

ssize_t demofs_inline_read(struct inode *inode, char __user *buf, size_t len,
			   loff_t pos)
{
	struct buffer_head *bh;
	ssize_t ret = len;

	if (pos > DEMOFS_INLINE_SIZE || len > DEMOFS_INLINE_SIZE - pos)
		return -EINVAL;
	bh = sb_bread(inode->i_sb, DEMOFS_I(inode)->i_block);
	if (!bh)
		return -EIO;
	if (copy_to_user(buf, bh->b_data + DEMOFS_INLINE_START + pos, len))
		ret = -EFAULT;
	brelse(bh);
	return ret;
}
