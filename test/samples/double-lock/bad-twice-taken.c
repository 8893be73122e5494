/* Blocks for what it holds. */

static int demofs_rename(struct demofs_dir *dir, const char *name)
{
	mutex_lock(&dir->mutex);
	if (dir->busy) {
		mutex_lock(&dir->mutex); /* expect: double-lock (holds already) */
		dir->waits++;
		mutex_unlock(&dir->mutex);
	}
	dir->name = name;
	mutex_unlock(&dir->mutex);
	return 0;
}

static void demofs_settle(struct demofs_dir *dir, struct page *page)
{
	lock_page(page);
	if (PageDirty(page))
		dir->dirty++;
	lock_page(page); /* expect: double-lock (page lock) */
	unlock_page(page);
}

static void demofs_upgrade(struct demofs_dir *dir)
{
	down_read(&dir->rwsem);
	if (dir->stale) {
		down_write(&dir->rwsem); /* expect: double-lock (dir->rwsem) */
		dir->stale = 0;
		up_write(&dir->rwsem);
		return;
	}
	up_read(&dir->rwsem);
}
