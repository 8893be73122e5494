static int demofs_grow(struct btrfs_root *root, struct demofs_map *map)
{
	struct btrfs_trans_handle *trans;
	unsigned long *bits;
	int err = 0;

	trans = btrfs_start_transaction(root, 1);
	if (IS_ERR(trans))
		return PTR_ERR(trans);
	bits = kcalloc(map->words, sizeof(long), GFP_KERNEL); /* expect: alloc-fs-under-transaction (btrfs) */
	if (!bits)
		err = -ENOMEM;
	else
		demofs_take_bits(trans, map, bits);
	btrfs_end_transaction(trans);
	return err;
}

static int demofs_shrink(struct super_block *sb, struct demofs_map *map)
{
	struct reiserfs_transaction_handle th;
	void *old;
	int err = journal_begin(&th, sb, 10);

	if (err)
		return err;
	old = vmalloc(map->words); /* expect: alloc-fs-under-transaction (reiserfs) */
	if (old)
		demofs_save_bits(&th, map, old);
	return journal_end(&th, sb, 10);
}
