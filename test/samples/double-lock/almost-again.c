/* goto again, flags, trylocks and readers. */

static int demofs_again(struct demofs_dir *dir)
{
	int tries = 0;

again:
	mutex_lock(&dir->mutex);
	if (dir->busy && tries++ < 3) {
		mutex_unlock(&dir->mutex);
		goto again;
	}
	dir->tries = tries;
	mutex_unlock(&dir->mutex);
	return tries;
}

static int demofs_retry_locked(struct demofs_dir *dir)
{
	bool locked = false;
	int err;

retry:
	if (!locked) {
		mutex_lock(&dir->mutex);
		locked = true;
	}
	err = dir->err;
	if (err == -EAGAIN)
		goto retry;
	if (err == -ESTALE) {
		mutex_unlock(&dir->mutex);
		locked = false;
		goto retry;
	}
	if (locked)
		mutex_unlock(&dir->mutex);
	return err;
}

static int demofs_try_first(struct demofs_dir *dir, struct page *page)
{
	if (!trylock_page(page)) {
		dir->contended++;
		lock_page(page);
	}
	dir->page = page;
	unlock_page(page);
	if (!mutex_trylock(&dir->mutex)) {
		mutex_lock(&dir->mutex);
		dir->contended++;
	}
	mutex_unlock(&dir->mutex);
	return 0;
}

static int demofs_tried_while_held(struct demofs_dir *dir)
{
	mutex_lock(&dir->mutex);
	if (mutex_trylock(&dir->mutex))
		dir->impossible++;
	mutex_unlock(&dir->mutex);
	return 0;
}

static int demofs_readers(struct demofs_dir *dir)
{
	int n;

	read_lock(&dir->rwlock);
	n = dir->count;
	read_lock(&dir->rwlock);
	n += dir->count;
	read_unlock(&dir->rwlock);
	read_unlock(&dir->rwlock);
	return n;
}

static void demofs_big(struct demofs_dir *dir)
{
	lock_kernel();
	lock_kernel();
	dir->count++;
	unlock_kernel();
	unlock_kernel();
}

static int demofs_killable(struct demofs_dir *dir)
{
	if (mutex_lock_killable(&dir->mutex)) {
		mutex_lock(&dir->mutex);
		dir->killed = 1;
	}
	mutex_unlock(&dir->mutex);
	return 0;
}
