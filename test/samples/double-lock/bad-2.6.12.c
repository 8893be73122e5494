/* Semaphores, i_sem and old spinlocks. */

static int demofs_truncate(struct inode *inode, loff_t size)
{
	down(&inode->i_sem);
	if (size > inode->i_size) {
		up(&inode->i_sem);
		goto out;
	}
	inode->i_size = size;
out:
	up(&inode->i_sem); /* expect: double-lock (second time) */
	return 0;
}

static void demofs_kick(struct demofs_log *log)
{
	unsigned long flags;

	spin_lock_irqsave(&log->l_lock, flags);
	if (log->l_dirty) {
		spin_lock(&log->l_lock); /* expect: double-lock (holds already) */
		log->l_dirty = 0;
		spin_unlock(&log->l_lock);
		return;
	}
	spin_unlock_irqrestore(&log->l_lock, flags);
}
