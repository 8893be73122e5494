/* The lock is dropped for the sleep, directly, in a loop, by a callee. */

static int demofs_grow(struct demofs_pool *pool, int want)
{
	struct demofs_item *item;

	spin_lock(&pool->lock);
	while (pool->count < want) {
		spin_unlock(&pool->lock);
		item = kmalloc(sizeof(*item), GFP_KERNEL);
		if (!item)
			return -ENOMEM;
		spin_lock(&pool->lock);
		list_add(&item->list, &pool->items);
		pool->count++;
	}
	spin_unlock(&pool->lock);
	return 0;
}

static void demofs_breathe(struct demofs_pool *pool)
{
	spin_unlock(&pool->lock);
	cond_resched();
	spin_lock(&pool->lock);
}

static void demofs_walk(struct demofs_pool *pool)
{
	struct demofs_item *item;

	spin_lock(&pool->lock);
	list_for_each_entry(item, &pool->items, list) {
		item->age++;
		if (need_resched())
			demofs_breathe(pool);
	}
	spin_unlock(&pool->lock);
}

static void demofs_walk_nicely(struct demofs_pool *pool)
{
	struct demofs_item *item;

	spin_lock(&pool->lock);
	list_for_each_entry(item, &pool->items, list) {
		item->age++;
		cond_resched_lock(&pool->lock);
	}
	spin_unlock(&pool->lock);
}

static int demofs_again(struct demofs_pool *pool)
{
	struct demofs_item *item, *fresh = NULL;

again:
	spin_lock(&pool->lock);
	item = list_first_entry_or_null(&pool->items, struct demofs_item, list);
	if (!item) {
		if (!fresh) {
			spin_unlock(&pool->lock);
			fresh = kmalloc(sizeof(*fresh), GFP_KERNEL);
			if (!fresh)
				return -ENOMEM;
			goto again;
		}
		list_add(&fresh->list, &pool->items);
		fresh = NULL;
	}
	spin_unlock(&pool->lock);
	kfree(fresh);
	return 0;
}

static void demofs_irq_then_not(struct demofs_pool *pool)
{
	unsigned long flags;

	local_irq_save(flags);
	pool->ticks++;
	local_irq_restore(flags);
	mutex_lock(&pool->mutex);
	pool->ticks = 0;
	mutex_unlock(&pool->mutex);
}
