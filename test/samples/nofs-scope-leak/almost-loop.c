/* Opened and closed in turns. */

static int demofs_turns(struct demofs_map *map, int nr)
{
	unsigned int flags;
	int i, err = 0;

	for (i = 0; i < nr; i++) {
		flags = memalloc_nofs_save();
		map->slots[i] = kmalloc(64, GFP_KERNEL);
		memalloc_nofs_restore(flags);
		if (!map->slots[i])
			return -ENOMEM;
	}

again:
	flags = memalloc_nofs_save();
	if (map->busy) {
		memalloc_nofs_restore(flags);
		schedule();
		goto again;
	}
	map->copy = kmalloc(64, GFP_KERNEL);
	memalloc_nofs_restore(flags);
	return err;
}
