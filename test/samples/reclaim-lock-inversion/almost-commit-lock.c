/* Under the lock, but in a nofs scope, or with a mask that keeps out of filesystems. */
static int demofs_watch_device(struct btrfs_fs_info *info, u64 id)
{
	unsigned int nofs;
	char *name;

	mutex_lock(&info->fs_devices->device_list_mutex);
	nofs = memalloc_nofs_save();
	info->demo_workers = btrfs_alloc_workqueue(info, "demo", WQ_FREEZABLE, 1, 4);
	memalloc_nofs_restore(nofs);
	name = kstrdup(demofs_name(id), GFP_NOFS);
	mutex_unlock(&info->fs_devices->device_list_mutex);
	kfree(name);
	return info->demo_workers ? 0 : -ENOMEM;
}
