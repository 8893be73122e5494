/* A commit writes the superblocks under this lock, and reclaim may wait for the commit. */
static int demofs_start_workers(struct btrfs_fs_info *info)
{
	info->demo_workers = btrfs_alloc_workqueue(info, "demo", WQ_FREEZABLE, 1, 4);
	return info->demo_workers ? 0 : -ENOMEM;
}

static int demofs_watch_device(struct btrfs_fs_info *info, u64 id)
{
	struct btrfs_device *device;
	int err = -ENODEV;

	mutex_lock(&info->fs_devices->device_list_mutex);
	device = demofs_lookup(info->fs_devices, id);
	if (device)
		err = demofs_start_workers(info); /* expect: reclaim-lock-inversion (list of devices) */
	mutex_unlock(&info->fs_devices->device_list_mutex);
	return err;
}
