/* Restored on each way out. */

static int demofs_load(struct demofs_map *map, struct folio *folio)
{
	unsigned int flags;
	int err = 0;

	flags = memalloc_nofs_save();
	folio_lock(folio);
	if (!folio->mapping) {
		err = -ESTALE;
		goto out;
	}
	map->table = kmalloc(64, GFP_KERNEL);
	if (!map->table)
		err = -ENOMEM;
out:
	folio_unlock(folio);
	memalloc_nofs_restore(flags);
	return err;
}

static int demofs_twice(struct demofs_map *map)
{
	unsigned int flags = memalloc_nofs_save();

	if (!map->table) {
		memalloc_nofs_restore(flags);
		return -ENOENT;
	}
	map->copy = kmemdup(map->table, 64, GFP_KERNEL);
	memalloc_nofs_restore(flags);
	return map->copy ? 0 : -ENOMEM;
}
