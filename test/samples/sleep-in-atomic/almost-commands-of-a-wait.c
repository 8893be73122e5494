/* What a waiting macro is given is done round each sleep, not before the wait. */

static void demofs_drain(struct demofs_pool *pool)
{
	while (demofs_push(pool))
		cond_resched();
}

static void demofs_freeze(struct demofs_pool *pool, int left)
{
	spin_lock_irq(&pool->lock);
	wait_event_lock_irq_cmd(pool->wait, pool->busy == left, pool->lock, demofs_drain(pool));
	pool->frozen = 1;
	spin_unlock_irq(&pool->lock);
}

static struct demofs_item *demofs_get(struct demofs_pool *pool)
{
	struct demofs_item *item;

	spin_lock_irq(&pool->lock);
	wait_event_cmd(pool->wait, !list_empty(&pool->idle), spin_unlock_irq(&pool->lock),
		       spin_lock_irq(&pool->lock));
	item = list_first_entry(&pool->idle, struct demofs_item, list);
	spin_unlock_irq(&pool->lock);
	return item;
}
