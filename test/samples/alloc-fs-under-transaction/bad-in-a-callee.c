/* Its own finding where it has the handle, its caller's where it has not. */
static struct entry *demofs_new_entry(int nr)
{
	return kzalloc(sizeof(struct entry) + nr, GFP_KERNEL);
}

static int demofs_insert(struct btrfs_trans_handle *trans, struct btrfs_root *root, int nr)
{
	struct entry *entry = demofs_new_entry(nr); /* expect: alloc-fs-under-transaction (btrfs) */

	if (!entry)
		return -ENOMEM;
	return demofs_link(trans, root, entry);
}

static int demofs_insert_first(struct btrfs_root *root)
{
	struct btrfs_trans_handle *trans = btrfs_join_transaction(root);
	int err;

	if (IS_ERR(trans))
		return PTR_ERR(trans);
	err = demofs_insert(trans, root, 1);
	btrfs_end_transaction(trans);
	return err;
}
