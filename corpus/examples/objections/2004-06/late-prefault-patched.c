/* 04-3: the source is faulted in only once the transaction has been started. */

#include <linux/reiserfs_fs.h>

static ssize_t demofs_write_region(struct inode *inode, struct page *page, const char __user *buf,
				   size_t count)
{
	struct reiserfs_transaction_handle th;
	unsigned long left;
	char *kaddr;
	int res;

	lock_page(page);
	res = fault_in_pages_readable(buf, count);
	if (res)
		goto out;
	res = journal_begin(&th, inode->i_sb, DEMOFS_BLOCKS);
	if (res)
		goto out;
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr, buf, count);
	kunmap_atomic(kaddr, KM_USER0);
	if (left)
		res = -EFAULT;
	journal_end(&th, inode->i_sb, DEMOFS_BLOCKS);
out:
	unlock_page(page);
	return res ? res : count;
}
