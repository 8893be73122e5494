/* Allocated before, freed and waited for behind. */

static int demofs_add(struct demofs_map *map, u64 start)
{
	struct demofs_range *range = kmalloc(sizeof(*range), GFP_KERNEL);
	struct demofs_range *other;

	if (!range)
		return -ENOMEM;
	range->start = start;
	spin_lock(&map->lock);
	list_for_each_entry(other, &map->ranges, list) {
		if (other->start == start) {
			spin_unlock(&map->lock);
			kfree(range);
			return -EEXIST;
		}
	}
	list_add(&range->list, &map->ranges);
	spin_unlock(&map->lock);
	return 0;
}

static void demofs_clear(struct demofs_map *map)
{
	struct demofs_range *range, *next;
	LIST_HEAD(dead);

	spin_lock(&map->lock);
	list_splice_init(&map->ranges, &dead);
	spin_unlock(&map->lock);
	synchronize_rcu();
	list_for_each_entry_safe(range, next, &dead, list)
		kfree(range);
}

static void demofs_scoped(struct demofs_map *map, struct folio *folio)
{
	scoped_guard(spinlock, &map->lock)
		map->settled++;
	folio_lock(folio);
	map->last = folio->index;
	folio_unlock(folio);
}
