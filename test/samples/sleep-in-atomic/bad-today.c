/* Guards, folios, XArrays and raw spinlocks. */

static int demofs_add_range(struct demofs_map *map, u64 start)
{
	struct demofs_range *range;

	guard(spinlock)(&map->lock);
	range = kzalloc(sizeof(*range), GFP_KERNEL); /* expect: sleep-in-atomic (spinlock) */
	if (!range)
		return -ENOMEM;
	range->start = start;
	list_add(&range->list, &map->ranges);
	return 0;
}

static void demofs_settle(struct demofs_map *map, struct folio *folio)
{
	scoped_guard(spinlock_irqsave, &map->lock) {
		folio_lock(folio); /* expect: sleep-in-atomic (spinlock) */
		map->settled++;
		folio_unlock(folio);
	}
}

static void demofs_forget(struct demofs_map *map, unsigned long index)
{
	xa_lock_irq(&map->pages);
	__xa_erase(&map->pages, index);
	synchronize_rcu(); /* expect: sleep-in-atomic (XArray) */
	xa_unlock_irq(&map->pages);
}

static int demofs_peek(struct demofs_map *map)
{
	int count;

	guard(rcu)();
	mutex_lock(&map->mutex); /* expect: sleep-in-atomic (RCU) */
	count = map->settled;
	mutex_unlock(&map->mutex);
	return count;
}

static void demofs_tick(struct demofs_map *map)
{
	raw_spin_lock(&map->raw);
	cond_resched(); /* expect: sleep-in-atomic (spinlock) */
	map->ticks++;
	raw_spin_unlock(&map->raw);
}
