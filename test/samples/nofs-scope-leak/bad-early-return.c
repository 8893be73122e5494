/* An early return inside the scope. */

static int demofs_load(struct demofs_map *map)
{
	unsigned int flags = memalloc_nofs_save();

	map->table = kmalloc(64, GFP_KERNEL);
	if (!map->table)
		return -ENOMEM; /* expect: nofs-scope-leak (nofs) */
	memalloc_nofs_restore(flags);
	return 0;
}
