/* Whoever is handed a handle runs inside its transaction. */
static int demofs_report(handle_t *handle, struct inode *inode, int __user *arg)
{
	demofs_log(handle, inode);
	return put_user(1, arg); /* expect: fault-under-transaction (jbd2) */
}

static int demofs_fetch(struct btrfs_trans_handle *trans, void *to, const void __user *from)
{
	if (!trans)
		return copy_from_user(to, from, 8);
	return copy_from_user(to, from, 16); /* expect: fault-under-transaction (btrfs) */
}
