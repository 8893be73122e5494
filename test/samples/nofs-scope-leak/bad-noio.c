/* The scopes for block devices and for the reserves. */

static int demofs_resume(struct demofs_dev *dev)
{
	unsigned int noio;

	noio = memalloc_noio_save();
	dev->buf = kmalloc(64, GFP_KERNEL);
	if (!dev->buf)
		goto out;
	dev->ready = 1;
	memalloc_noio_restore(noio);
	return 0;
out:
	return -ENOMEM; /* expect: nofs-scope-leak (noio) */
}

static void demofs_evict(struct demofs_dev *dev)
{
	unsigned int reserves = memalloc_noreclaim_save();

	if (dev->gone)
		return; /* expect: nofs-scope-leak (noreclaim) */
	dev->spare = kmalloc(64, GFP_KERNEL);
	memalloc_noreclaim_restore(reserves);
}
