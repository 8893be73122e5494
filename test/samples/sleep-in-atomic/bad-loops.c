/* On the second turn, or by the way back. */

static int demofs_fill_pool(struct demofs_pool *pool, int want)
{
	struct demofs_item *item;

	spin_lock(&pool->lock);
	while (pool->count < want) {
		item = kmalloc(sizeof(*item), GFP_NOFS); /* expect: sleep-in-atomic (spinlock) */
		if (!item)
			break;
		list_add(&item->list, &pool->items);
		pool->count++;
	}
	spin_unlock(&pool->lock);
	return pool->count;
}

static void demofs_drain(struct demofs_pool *pool)
{
	struct demofs_item *item, *next;

again:
	cond_resched(); /* expect: sleep-in-atomic (spinlock) */
	spin_lock(&pool->lock);
	list_for_each_entry_safe(item, next, &pool->items, list) {
		if (item->busy)
			goto again;
		list_del(&item->list);
	}
	spin_unlock(&pool->lock);
}

static void demofs_age(struct demofs_pool *pool)
{
	struct demofs_item *item;

	rcu_read_lock();
	list_for_each_entry_rcu(item, &pool->items, list) {
		if (item->age++ > 100)
			wait_event(pool->wait, item->busy == 0); /* expect: sleep-in-atomic (RCU) */
	}
	rcu_read_unlock();
}
