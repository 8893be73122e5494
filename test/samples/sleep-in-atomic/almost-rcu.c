/* Readers who leave the section and come back. */

static void demofs_scan(struct demofs_sb_info *sbi)
{
	struct demofs_dev *dev;

	rcu_read_lock();
	list_for_each_entry_rcu(dev, &sbi->s_devs, list) {
		if (!kref_get_unless_zero(&dev->kref))
			continue;
		rcu_read_unlock();
		mutex_lock(&dev->mutex);
		dev->scans++;
		mutex_unlock(&dev->mutex);
		rcu_read_lock();
		kref_put(&dev->kref, demofs_free_dev);
	}
	rcu_read_unlock();
}

static void demofs_scan_nested(struct demofs_sb_info *sbi)
{
	rcu_read_lock();
	rcu_read_lock();
	sbi->s_scans++;
	rcu_read_unlock();
	rcu_read_unlock();
	mutex_lock(&sbi->s_mutex);
	sbi->s_scans = 0;
	mutex_unlock(&sbi->s_mutex);
}

/* Called inside a section, it leaves and enters it again. */
static int demofs_wait_in_walk(struct demofs_dev *dev)
{
	int err;

	rcu_read_unlock();
	err = wait_event_interruptible(dev->wait, dev->ready);
	rcu_read_lock();
	return err;
}

static int demofs_walk(struct demofs_sb_info *sbi)
{
	struct demofs_dev *dev;
	int err = 0;

	rcu_read_lock();
	dev = rcu_dereference(sbi->s_dev);
	if (dev)
		err = demofs_wait_in_walk(dev);
	rcu_read_unlock();
	return err;
}

static void demofs_resched(struct demofs_sb_info *sbi)
{
	struct demofs_dev *dev;

	rcu_read_lock();
	list_for_each_entry_rcu(dev, &sbi->s_devs, list) {
		dev->scans++;
		cond_resched_rcu();
	}
	rcu_read_unlock();
}

static int demofs_try_lazily(struct demofs_sb_info *sbi)
{
	struct demofs_dev *dev;
	int err;

	rcu_read_lock();
	dev = rcu_dereference(sbi->s_dev);
	if (!dev || !dev->ready)
		goto slow;
	err = dev->err;
	rcu_read_unlock();
	return err;
slow:
	rcu_read_unlock();
	mutex_lock(&sbi->s_mutex);
	err = sbi->s_err;
	mutex_unlock(&sbi->s_mutex);
	return err;
}
