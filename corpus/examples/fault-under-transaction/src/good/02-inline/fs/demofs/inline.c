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
	size_t written = 0;
	size_t copied;
	int err = 0;

	if (pos > DEMOFS_INLINE_SIZE || len > DEMOFS_INLINE_SIZE - pos)
		return -EFBIG;
	bh = sb_bread(inode->i_sb, DEMOFS_I(inode)->i_block);
	if (!bh)
		return -EIO;

	while (written < len && !err) {
		/* Faults are harmless only before the transaction starts. */
		err = fault_in_pages_readable(buf + written, len - written);
		if (err)
			break;

		handle = jbd2_journal_start(journal, DEMOFS_INLINE_CREDITS);
		if (IS_ERR(handle)) {
			err = PTR_ERR(handle);
			break;
		}
		err = jbd2_journal_get_write_access(handle, bh);
		if (err)
			goto stop;

		/*
		 * The page may be gone again by now. Copy what is there, close
		 * the transaction, and come back for the rest.
		 */
		pagefault_disable();
		copied = len - written;
		copied -= __copy_from_user_inatomic(bh->b_data +
				DEMOFS_INLINE_START + pos + written,
				buf + written, copied);
		pagefault_enable();
		err = jbd2_journal_dirty_metadata(handle, bh);
		if (!err)
			written += copied;
stop:
		jbd2_journal_stop(handle);
	}
	brelse(bh);
	return written ? written : err;
}
