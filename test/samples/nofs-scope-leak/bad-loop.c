/* Out of a loop, over the restore. */

static int demofs_fill(struct demofs_map *map, int nr)
{
	unsigned int flags;
	int i;

	for (i = 0; i < nr; i++) {
		flags = memalloc_nofs_save();
		map->slots[i] = kmalloc(64, GFP_KERNEL);
		if (!map->slots[i])
			return -ENOMEM; /* expect: nofs-scope-leak (nofs) */
		memalloc_nofs_restore(flags);
	}
	return 0;
}
