/* The wrapper that unlocks is here, what it does is in another file. */

static DEFINE_MUTEX(demofs_shelf_mutex);

void demofs_shelf_lock(void)
{
	mutex_lock(&demofs_shelf_mutex);
}

void demofs_shelf_unlock(void)
{
	demofs_run_pending();
}

static int demofs_shelf_put(struct demofs_shelf *shelf, int slot)
{
	int err = 0;

	demofs_shelf_lock();
	if (shelf->slots[slot])
		err = -EBUSY;
	demofs_shelf_unlock();
	return err;
}

void demofs_shelf_init(struct demofs_shelf *shelf)
{
	demofs_shelf_put(shelf, 1);
	demofs_shelf_put(shelf, 2);
}
