static int demofs_grow(struct btrfs_root *root, struct demofs_map *map)
{
	struct btrfs_trans_handle *trans;
	unsigned long *bits;

	bits = kcalloc(map->words, sizeof(long), GFP_KERNEL);
	if (!bits)
		return -ENOMEM;
	trans = btrfs_start_transaction(root, 1);
	if (IS_ERR(trans)) {
		kfree(bits);
		return PTR_ERR(trans);
	}
	demofs_take_bits(trans, map, bits);
	btrfs_end_transaction(trans);
	map->spare = kmalloc(map->words, GFP_KERNEL);
	return 0;
}
