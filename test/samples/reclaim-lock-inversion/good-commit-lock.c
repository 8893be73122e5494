/* What is needed is allocated in front of the lock. */
static int demofs_watch_device(struct btrfs_fs_info *info, u64 id)
{
	struct btrfs_workqueue *workers = btrfs_alloc_workqueue(info, "demo", WQ_FREEZABLE, 1, 4);
	struct btrfs_device *device;

	if (!workers)
		return -ENOMEM;
	mutex_lock(&info->fs_devices->device_list_mutex);
	device = demofs_lookup(info->fs_devices, id);
	if (device)
		device->demo_workers = workers;
	mutex_unlock(&info->fs_devices->device_list_mutex);
	if (!device)
		btrfs_destroy_workqueue(workers);
	return device ? 0 : -ENODEV;
}
