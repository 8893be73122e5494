/* Called with the lock held, it drops it; wait_event_lock_irq() and its kin drop it for the sleep. */

static void demofs_flush_locked(struct demofs_log *log)
{
	lockdep_assert_held(&log->lock);
	spin_unlock(&log->lock);
	blkdev_issue_flush(log->bdev);
	spin_lock(&log->lock);
}

static void demofs_flush(struct demofs_log *log)
{
	spin_lock(&log->lock);
	if (log->dirty)
		demofs_flush_locked(log);
	log->dirty = 0;
	spin_unlock(&log->lock);
}

static void demofs_quiesce(struct demofs_log *log)
{
	spin_lock_irq(&log->lock);
	wait_event_lock_irq(log->wait, log->users == 0, log->lock);
	log->quiet = 1;
	spin_unlock_irq(&log->lock);
}

static int demofs_lock_if(struct demofs_log *log, int wait)
{
	if (wait) {
		mutex_lock(&log->mutex);
		spin_lock(&log->lock);
	} else if (!mutex_trylock(&log->mutex)) {
		return 0;
	} else {
		spin_lock(&log->lock);
	}
	log->users++;
	spin_unlock(&log->lock);
	mutex_unlock(&log->mutex);
	return 1;
}
