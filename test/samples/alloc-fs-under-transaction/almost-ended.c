/* What is named so, or gets the handle's address, may have ended the transaction. */
static int demofs_finish(struct btrfs_trans_handle *trans, struct btrfs_root *root)
{
	int err = demofs_end_step(trans, root);

	root->spare = kmalloc(64, GFP_KERNEL);
	return err;
}

static int demofs_cycle(struct btrfs_trans_handle *trans, struct btrfs_root *root)
{
	int err = demofs_next(&trans, root);

	root->spare = kmalloc(64, GFP_KERNEL);
	return err;
}

static void demofs_step_over(struct btrfs_trans_handle *trans, struct btrfs_root *root)
{
	if (root->is_full)
		demofs_end_step(trans, root);
}

static int demofs_by_a_callee(struct btrfs_trans_handle *trans, struct btrfs_root *root)
{
	demofs_step_over(trans, root);
	root->spare = kmalloc(64, GFP_KERNEL);
	return 0;
}

/* Closes what it is handed, and allocates behind it. */
int demofs_end_all(struct btrfs_trans_handle *trans, struct btrfs_root *root)
{
	btrfs_end_transaction(trans);
	root->spare = kmalloc(64, GFP_KERNEL);
	return 0;
}
