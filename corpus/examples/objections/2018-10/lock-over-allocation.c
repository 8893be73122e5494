/* Lock A over a GFP_KERNEL allocation here, lock A in writeback there. */
static int demofs_note_range(struct demofs_inode *di, pgoff_t first, pgoff_t last)
{
	struct demofs_range *range;

	mutex_lock(&di->map_mutex);
	range = kmalloc(sizeof(*range), GFP_KERNEL);
	if (range) {
		range->first = first;
		range->last = last;
		list_add(&range->list, &di->ranges);
	}
	mutex_unlock(&di->map_mutex);
	return range ? 0 : -ENOMEM;
}

static void demofs_map_dirty(struct demofs_inode *di, struct bio *bio)
{
	mutex_lock(&di->map_mutex);
	demofs_fill(bio, list_first_entry(&di->ranges, struct demofs_range, list));
	mutex_unlock(&di->map_mutex);
}

static int demofs_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct demofs_inode *di = DEMOFS_I(mapping->host);
	struct bio *bio = demofs_first_bio(mapping, wbc);

	demofs_map_dirty(di, bio);
	submit_bio(bio);
	return 0;
}

static const struct address_space_operations demofs_aops = {
	.writepages = demofs_writepages,
};
