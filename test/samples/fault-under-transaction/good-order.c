/* Prefault before, copy with page faults disabled inside, go round after a short copy. */

static int demofs_set_tag(journal_t *journal, char *tag, const char __user *arg)
{
	unsigned long left;
	handle_t *handle;

	do {
		if (fault_in_pages_readable(arg, 16))
			return -EFAULT;
		handle = jbd2_journal_start(journal, 1);
		if (IS_ERR(handle))
			return PTR_ERR(handle);
		pagefault_disable();
		left = __copy_from_user_inatomic(tag, arg, 16);
		pagefault_enable();
		jbd2_journal_stop(handle);
	} while (left);
	return 0;
}

static int demofs_copy_first(struct inode *inode, char *tag, const char __user *arg)
{
	handle_t *handle;

	if (copy_from_user(tag, arg, 16))
		return -EFAULT;
	handle = ext3_journal_start(inode, 1);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	return ext3_journal_stop(handle);
}

static int demofs_atomic_26(struct super_block *sb, struct page *page, const char *from)
{
	struct reiserfs_transaction_handle th;
	char *kaddr;
	int left;

	journal_begin(&th, sb, 10);
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user(kaddr, from, 64);
	kunmap_atomic(kaddr, KM_USER0);
	journal_end(&th, sb, 10);
	return left;
}
