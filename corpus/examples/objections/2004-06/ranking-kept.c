/* 04-8: the patch's copy, with page faults disabled, and a transaction started under mmap_sem: both are right. */

#include <linux/reiserfs_fs.h>

static int demofs_copy_in_handle(struct inode *inode, struct page *page, const char __user *buf, size_t count)
{
	struct reiserfs_transaction_handle th;
	unsigned long left;
	char *kaddr;
	int res;

	if (fault_in_pages_readable(buf, count))
		return -EFAULT;
	res = journal_begin(&th, inode->i_sb, DEMOFS_BLOCKS);
	if (res)
		return res;
	kaddr = kmap_atomic(page, KM_USER0);
	inc_preempt_count();
	left = __copy_from_user(kaddr, buf, count);
	dec_preempt_count();
	kunmap_atomic(kaddr, KM_USER0);
	journal_end(&th, inode->i_sb, DEMOFS_BLOCKS);
	return left ? -EAGAIN : 0;
}

static int demofs_touch_mapped(struct mm_struct *mm, struct inode *inode)
{
	struct reiserfs_transaction_handle th;
	int res;

	down_write(&mm->mmap_sem);
	res = journal_begin(&th, inode->i_sb, 1);
	if (!res) {
		inode->i_atime = CURRENT_TIME;
		journal_end(&th, inode->i_sb, 1);
	}
	up_write(&mm->mmap_sem);
	return res;
}
