/* Two mutexes of one object, in both orders; once in a callee. Each side says so, as nobody knows which is wrong. */

static int demofs_rename(struct demofs_fs *fs)
{
	mutex_lock(&fs->name_mutex);
	mutex_lock(&fs->tree_mutex); /* expect: lock-order-inversion (fs->tree_mutex under fs->name_mutex) */
	fs->names++;
	mutex_unlock(&fs->tree_mutex);
	mutex_unlock(&fs->name_mutex);
	return 0;
}

static void demofs_count(struct demofs_fs *fs)
{
	mutex_lock(&fs->name_mutex);
	fs->names++;
	mutex_unlock(&fs->name_mutex);
}

static int demofs_prune(struct demofs_fs *fs)
{
	mutex_lock(&fs->tree_mutex);
	demofs_count(fs); /* expect: lock-order-inversion (demofs_rename) */
	mutex_unlock(&fs->tree_mutex);
	return 0;
}
