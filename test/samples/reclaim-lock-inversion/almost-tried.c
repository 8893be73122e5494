/* Writeback only tries the lock. */
static int demofs_add(struct demofs_inode *di)
{
	mutex_lock(&di->map_mutex);
	di->extent = kmalloc(sizeof(*di->extent), GFP_KERNEL);
	mutex_unlock(&di->map_mutex);
	return di->extent ? 0 : -ENOMEM;
}

static int demofs_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct demofs_inode *di = DEMOFS_I(mapping->host);

	if (!mutex_trylock(&di->map_mutex))
		return 0;
	demofs_write_map(di->first, wbc);
	mutex_unlock(&di->map_mutex);
	return 0;
}

static const struct address_space_operations demofs_aops = {
	.writepages = demofs_writepages,
};
