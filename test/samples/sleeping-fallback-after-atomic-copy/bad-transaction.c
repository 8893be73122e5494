/* A handle is open, no page is locked. */

static int demofs_copy_in_handle(struct inode *inode, char *to, const char __user *buf, unsigned bytes)
{
	handle_t *handle = ext4_journal_start(inode, EXT4_HT_MISC, 1);
	int left;

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	pagefault_disable();
	left = __copy_from_user_inatomic(to, buf, bytes);
	pagefault_enable();
	if (left)
		left = copy_from_user(to, buf, bytes); /* expect: sleeping-fallback-after-atomic-copy, expect: fault-under-transaction */
	ext4_journal_stop(handle);
	return left;
}
