/* Writeback takes the inode's own lock, and whoever else holds it allocates without the filesystem. */
static int demofs_extend(struct demofs_inode *di, loff_t to)
{
	struct demofs_extent *extent;

	down_write(&di->extent_sem);
	extent = kmem_cache_zalloc(demofs_extent_cache, GFP_NOFS);
	if (extent)
		extent->end = to;
	up_write(&di->extent_sem);
	return extent ? 0 : -ENOMEM;
}

static int demofs_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct demofs_inode *di = DEMOFS_I(mapping->host);
	int err;

	down_read(&di->extent_sem);
	err = demofs_write_extents(mapping, wbc);
	up_read(&di->extent_sem);
	return err;
}

static const struct address_space_operations demofs_aops = {
	.writepages = demofs_writepages,
};
