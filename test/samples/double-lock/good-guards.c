/* Guards one after the other, in loops, and in blocks. */

static int demofs_in_turns(struct demofs_map *map)
{
	scoped_guard(mutex, &map->lock) {
		if (map->dead)
			return -ENODEV;
		map->count++;
	}
	scoped_guard(mutex, &map->lock)
		map->count--;
	return 0;
}

static int demofs_in_a_loop(struct demofs_map *map, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		guard(spinlock)(&map->spin);
		if (map->slots[i])
			continue;
		if (i == map->stop)
			break;
		map->slots[i] = 1;
	}
	guard(spinlock)(&map->spin);
	return map->slots[0];
}

static int demofs_tried(struct demofs_map *map)
{
	scoped_cond_guard(mutex_try, return -EBUSY, &map->lock)
		map->count++;
	mutex_lock(&map->lock);
	map->count--;
	mutex_unlock(&map->lock);
	return 0;
}
