/* A callee that begins and ends a transaction inside this one, and does not look whether the beginning worked. */

static void demofs_cut(struct super_block *sb, struct inode *inode)
{
	struct nilfs_transaction_info ti;

	nilfs_transaction_begin(sb, &ti, 0);
	inode->i_blocks = 0;
	nilfs_transaction_commit(sb);
}

static int demofs_setattr(struct inode *inode, loff_t size)
{
	struct super_block *sb = inode->i_sb;
	struct nilfs_transaction_info ti;
	void *scratch;
	int err;

	err = nilfs_transaction_begin(sb, &ti, 0);
	if (err)
		return err;
	if (size != i_size_read(inode))
		demofs_cut(sb, inode);
	scratch = kmalloc(64, GFP_KERNEL); /* expect: alloc-fs-under-transaction */
	kfree(scratch);
	return nilfs_transaction_commit(sb);
}
