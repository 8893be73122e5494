/* A search that finds something leaves the blocks of its path locked. */
static int demofs_copy_item(struct btrfs_path *path, void __user *to)
{
	struct demofs_item item;

	demofs_read_item(path, &item);
	return copy_to_user(to, &item, sizeof(item)) ? -EFAULT : 0;
}

static int demofs_list(struct btrfs_root *root, struct btrfs_key *key, void __user *to)
{
	struct btrfs_path *path = btrfs_alloc_path();
	int err;

	if (!path)
		return -ENOMEM;
	do {
		err = btrfs_search_forward(root, key, path, 0);
		if (err)
			break;
		err = demofs_copy_item(path, to); /* expect: fault-under-fault-lock (btrfs tree block) */
		btrfs_release_path(path);
		key->offset++;
	} while (!err);
	btrfs_free_path(path);
	return err;
}
