/* Scopes nest. */

static int demofs_nested(struct demofs_map *map)
{
	unsigned int outer = memalloc_nofs_save();
	unsigned int inner = memalloc_nofs_save();

	map->table = kmalloc(64, GFP_KERNEL);
	memalloc_nofs_restore(inner);
	map->copy = kmalloc(64, GFP_KERNEL);
	memalloc_nofs_restore(outer);
	return 0;
}

static void demofs_stops(struct demofs_map *map)
{
	unsigned int flags = memalloc_nofs_save();

	if (!map->table)
		BUG();
	map->copy = kmalloc(64, GFP_KERNEL);
	memalloc_nofs_restore(flags);
}
