/* Taken and released in turns. */

static int demofs_two_steps(struct demofs_dir *dir)
{
	mutex_lock(&dir->mutex);
	dir->step = 1;
	mutex_unlock(&dir->mutex);
	msleep(10);
	mutex_lock(&dir->mutex);
	dir->step = 2;
	mutex_unlock(&dir->mutex);
	return 0;
}

static void __demofs_sync(struct demofs_dir *dir)
{
	lockdep_assert_held(&dir->mutex);
	dir->synced = 1;
}

static void demofs_sync(struct demofs_dir *dir)
{
	mutex_lock(&dir->mutex);
	__demofs_sync(dir);
	mutex_unlock(&dir->mutex);
}

static int demofs_error(struct demofs_dir *dir, int n)
{
	int err = 0;

	spin_lock(&dir->lock);
	if (n < 0) {
		err = -EINVAL;
		goto out_unlock;
	}
	dir->n = n;
	spin_unlock(&dir->lock);
	return dir->notify;
out_unlock:
	spin_unlock(&dir->lock);
	return err;
}
