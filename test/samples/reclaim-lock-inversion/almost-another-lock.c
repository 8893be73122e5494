/* Writeback takes another one. */
static int demofs_add(struct demofs_inode *di)
{
	mutex_lock(&di->attr_mutex);
	di->attr = kmalloc(sizeof(*di->attr), GFP_KERNEL);
	mutex_unlock(&di->attr_mutex);
	return di->attr ? 0 : -ENOMEM;
}

static int demofs_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct demofs_inode *di = DEMOFS_I(mapping->host);
	int err;

	mutex_lock(&di->map_mutex);
	err = demofs_write_map(di->first, wbc);
	mutex_unlock(&di->map_mutex);
	return err;
}

static const struct address_space_operations demofs_aops = {
	.writepages = demofs_writepages,
};
