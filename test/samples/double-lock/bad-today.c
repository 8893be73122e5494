/* A guard over a lock that is held, and an unlock by hand under a guard. */

static int demofs_add(struct demofs_map *map, int id)
{
	guard(mutex)(&map->lock); /* expect: double-lock (second time) */
	if (id < 0) {
		mutex_unlock(&map->lock);
		return -EINVAL;
	}
	map->id = id;
	return 0;
}

static int demofs_swap(struct demofs_map *map, int id)
{
	int old;

	mutex_lock(&map->lock);
	old = map->id;
	scoped_guard(mutex, &map->lock) { /* expect: double-lock (holds already) */
		map->id = id;
	}
	mutex_unlock(&map->lock);
	return old;
}

static void demofs_fold(struct folio *folio)
{
	folio_lock(folio);
	if (!folio->mapping) {
		folio_unlock(folio);
		folio_put(folio);
	}
	folio_unlock(folio); /* expect: double-lock (page lock) */
}
