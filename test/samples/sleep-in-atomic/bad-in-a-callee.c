/* What sleeps is a function, or two, further down. */

static struct demofs_name *demofs_new_name(const char *text)
{
	struct demofs_name *name = kmalloc(sizeof(*name), GFP_KERNEL);

	if (name)
		name->text = text;
	return name;
}

static int demofs_keep_name(struct demofs_dir *dir, const char *text)
{
	struct demofs_name *name = demofs_new_name(text);

	if (!name)
		return -ENOMEM;
	list_add(&name->list, &dir->names);
	return 0;
}

static int demofs_add_name(struct demofs_dir *dir, const char *text)
{
	int err;

	spin_lock(&dir->lock);
	err = demofs_keep_name(dir, text); /* expect: sleep-in-atomic (spinlock) */
	spin_unlock(&dir->lock);
	return err;
}

static void demofs_lock_dir(struct demofs_dir *dir)
{
	spin_lock(&dir->lock);
}

static void demofs_unlock_dir(struct demofs_dir *dir)
{
	spin_unlock(&dir->lock);
}

static void demofs_wait_dir(struct demofs_dir *dir)
{
	demofs_lock_dir(dir);
	msleep(10); /* expect: sleep-in-atomic (spinlock) */
	demofs_unlock_dir(dir);
}
