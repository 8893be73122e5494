/* 04-1: a write copies from user space with a handle of the running transaction open. */

#include <linux/reiserfs_fs.h>

static ssize_t demofs_write_tail(struct inode *inode, char *tail, const char __user *buf, size_t count)
{
	struct reiserfs_transaction_handle th;
	int res;

	res = journal_begin(&th, inode->i_sb, 1);
	if (res)
		return res;
	if (__copy_from_user(tail, buf, count))
		res = -EFAULT;
	else
		demofs_log_tail(&th, inode, tail, count);
	journal_end(&th, inode->i_sb, 1);
	return res ? res : count;
}
