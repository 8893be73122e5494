/* A lock that a call finds: who gives it back by the same words has the same lock. */

static int demofs_quiesce(struct demofs_device *device, int force)
{
	unsigned long flags;

	spin_lock_irqsave(demofs_lock_of(device->cdev), flags);
	if (device->stopped && !force)
		return -EBUSY; /* expect: lock-imbalance (demofs_lock_of) */
	device->stopped = 1;
	spin_unlock_irqrestore(demofs_lock_of(device->cdev), flags);
	return 0;
}

static int demofs_context(struct net_device *dev, u8 id)
{
	spin_lock_bh(&demofs_dev(dev)->ctx.lock);
	if (id > DEMOFS_MAX_ID)
		return -EINVAL; /* expect: lock-imbalance (ctx.lock) */
	spin_unlock_bh(&demofs_dev(dev)->ctx.lock);
	return 0;
}
