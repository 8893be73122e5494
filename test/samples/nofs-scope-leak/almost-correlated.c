/* Opened and closed by one flag. */

static int demofs_if(struct demofs_map *map, bool nofs)
{
	unsigned int flags = 0;
	int err = 0;

	if (nofs)
		flags = memalloc_nofs_save();
	map->table = kmalloc(64, GFP_KERNEL);
	if (!map->table)
		err = -ENOMEM;
	if (nofs)
		memalloc_nofs_restore(flags);
	return err;
}

static int demofs_by_field(struct demofs_map *map)
{
	unsigned int flags;

	if (map->in_reclaim)
		flags = memalloc_noreclaim_save();
	map->table = kmalloc(64, GFP_KERNEL);
	if (map->in_reclaim)
		memalloc_noreclaim_restore(flags);
	return map->table ? 0 : -ENOMEM;
}

static int demofs_by_hand(struct demofs_map *map)
{
	unsigned int old = current->flags & PF_MEMALLOC_NOFS;

	current->flags |= PF_MEMALLOC_NOFS;
	map->table = kmalloc(64, GFP_KERNEL);
	current->flags = (current->flags & ~PF_MEMALLOC_NOFS) | old;
	return 0;
}
