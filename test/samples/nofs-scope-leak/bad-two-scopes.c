/* One of two is restored. */

static int demofs_both(struct demofs_map *map)
{
	unsigned int nofs = memalloc_nofs_save();
	unsigned int noio = memalloc_noio_save();

	map->table = kmalloc(64, GFP_KERNEL);
	memalloc_noio_restore(noio);
	if (!map->table)
		return -ENOMEM; /* expect: nofs-scope-leak (nofs) */
	memalloc_nofs_restore(nofs);
	return 0;
}
