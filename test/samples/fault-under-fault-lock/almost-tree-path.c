/* The path is released before user memory is reached, and once more when nothing is locked. */
static int demofs_list(struct btrfs_root *root, struct btrfs_key *key, void __user *to)
{
	struct btrfs_path *path = btrfs_alloc_path();
	struct demofs_item item;
	int err;

	if (!path)
		return -ENOMEM;
	err = btrfs_search_forward(root, key, path, 0);
	if (err)
		goto out;
	demofs_read_item(path, &item);
	btrfs_release_path(path);
	if (copy_to_user(to, &item, sizeof(item)))
		err = -EFAULT;
out:
	btrfs_free_path(path);
	return err;
}
