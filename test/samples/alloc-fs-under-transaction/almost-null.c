/* The handle may be NULL, and then nothing is open: which it is, is not known at the allocation. */
static int demofs_lookup(struct btrfs_trans_handle *trans, struct btrfs_root *root, int nr)
{
	void *key = kmalloc(nr, GFP_KERNEL);

	if (trans)
		demofs_touch(trans, root);
	return demofs_find(root, key);
}

/* A flag is all that tells: with a handle the mask is another. */
static int demofs_add(struct btrfs_trans_handle *trans, struct btrfs_root *root, int nr)
{
	void *key = kmalloc(nr, trans ? GFP_NOFS : GFP_KERNEL);

	return demofs_find(root, key);
}
