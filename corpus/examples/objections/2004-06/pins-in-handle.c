/* 04-2: mmap_sem is taken inside a transaction, against the agreed ranking. */

#include <linux/reiserfs_fs.h>

static int demofs_pin_in_handle(struct inode *inode, struct mm_struct *mm, unsigned long addr, struct page **page)
{
	struct reiserfs_transaction_handle th;
	int got;
	int res;

	res = journal_begin(&th, inode->i_sb, DEMOFS_BLOCKS);
	if (res)
		return res;
	down_read(&mm->mmap_sem);
	got = get_user_pages(current, mm, addr, 1, 0, 0, page, NULL);
	up_read(&mm->mmap_sem);
	if (got == 1)
		res = demofs_log_page(&th, *page);
	else
		res = -EFAULT;
	journal_end(&th, inode->i_sb, DEMOFS_BLOCKS);
	return res;
}
