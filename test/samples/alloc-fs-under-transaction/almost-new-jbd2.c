/* Nothing says that the kernel is older than 4.12: such a transaction is a nofs scope. */
static int demofs_expand(journal_t *journal, struct inode *inode)
{
	handle_t *handle = jbd2_journal_start(journal, 8);
	struct demofs_extent *extent;

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	extent = kmalloc(sizeof(*extent), GFP_KERNEL);
	if (extent)
		demofs_add_extent(handle, inode, extent);
	return jbd2_journal_stop(handle);
}

static int demofs_convert(handle_t *reserved, struct inode *inode)
{
	struct demofs_extent *extent;
	int err = jbd2_journal_start_reserved(reserved, 1);

	if (err)
		return err;
	extent = kmalloc(sizeof(*extent), GFP_KERNEL);
	if (extent)
		demofs_add_extent(reserved, inode, extent);
	return jbd2_journal_stop(reserved);
}

static int demofs_repair(struct xfs_trans *tp, struct xfs_inode *ip)
{
	void *shadow = kzalloc(64, GFP_KERNEL);

	return demofs_swap(tp, ip, shadow);
}
