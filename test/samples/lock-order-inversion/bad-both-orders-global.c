/* A global lock and a member; the order that fewer functions have is the wrong one. */

static DEFINE_MUTEX(demofs_list_mutex);

static void demofs_link(struct demofs_dev *dev)
{
	mutex_lock(&demofs_list_mutex);
	spin_lock(&dev->state_lock);
	dev->linked = true;
	spin_unlock(&dev->state_lock);
	mutex_unlock(&demofs_list_mutex);
}

static void demofs_unlink(struct demofs_dev *device)
{
	mutex_lock(&demofs_list_mutex);
	spin_lock(&device->state_lock);
	device->linked = false;
	spin_unlock(&device->state_lock);
	mutex_unlock(&demofs_list_mutex);
}

static void demofs_forget(struct demofs_dev *dev)
{
	down_write(&dev->map_sem);
	down_read(&dev->name_sem);
	dev->forgotten++;
	up_read(&dev->name_sem);
	up_write(&dev->map_sem);
}

static void demofs_learn(struct demofs_dev *dev)
{
	down_write(&dev->map_sem);
	down_read(&dev->name_sem);
	dev->learned++;
	up_read(&dev->name_sem);
	up_write(&dev->map_sem);
}

static void demofs_recall(struct demofs_dev *dev)
{
	down_write(&dev->name_sem);
	down_read(&dev->map_sem); /* expect: lock-order-inversion (dev->map_sem under dev->name_sem) */
	dev->recalled++;
	up_read(&dev->map_sem);
	up_write(&dev->name_sem);
}
