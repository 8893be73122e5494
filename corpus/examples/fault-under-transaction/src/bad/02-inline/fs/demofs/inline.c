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

ssize_t demofs_inline_write(struct inode *inode, const char __user *buf,
			    size_t len, loff_t pos)
{
	journal_t *journal = DEMOFS_SB(inode->i_sb)->s_journal;
	struct buffer_head *bh;
	handle_t *handle;
	ssize_t ret;
	int err;

	if (pos > DEMOFS_INLINE_SIZE || len > DEMOFS_INLINE_SIZE - pos)
		return -EFBIG;
	bh = sb_bread(inode->i_sb, DEMOFS_I(inode)->i_block);
	if (!bh)
		return -EIO;

	handle = jbd2_journal_start(journal, DEMOFS_INLINE_CREDITS);
	if (IS_ERR(handle)) {
		ret = PTR_ERR(handle);
		goto out;
	}
	ret = jbd2_journal_get_write_access(handle, bh);
	if (ret)
		goto out_stop;

	ret = len;
	if (copy_from_user(bh->b_data + DEMOFS_INLINE_START + pos, buf, len)) /* expect: fault-under-transaction */
		ret = -EFAULT;
	err = jbd2_journal_dirty_metadata(handle, bh);
	if (err)
		ret = err;
out_stop:
	jbd2_journal_stop(handle);
out:
	brelse(bh);
	return ret;
}

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
		handle = jbd2_journal_start(sbi->s_journal, 1);
		if (IS_ERR(handle))
			return PTR_ERR(handle);
		err = fault_in_pages_readable(label, DEMOFS_LABEL_SIZE); /* expect: fault-under-transaction */
		if (err)
			goto stop;
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
