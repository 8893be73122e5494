/* The transaction is closed and started anew, the address is as bad as before. */

static int demofs_write_handle(struct inode *inode, void *to, const char __user *buf, unsigned bytes)
{
	handle_t *handle;
	int left = 0;

	do {
		fault_in_pages_readable(buf, bytes); /* expect: unchecked-prefault */
		handle = ext3_journal_start(inode, 1);
		if (IS_ERR(handle))
			return PTR_ERR(handle);
		pagefault_disable();
		left = __copy_from_user_inatomic(to, buf, bytes);
		pagefault_enable();
		ext3_journal_stop(handle);
	} while (left > 0);
	return 0;
}
