/* Another lock than the one that the wait lets go. */

static struct demofs_item *demofs_get_both(struct demofs_pool *pool)
{
	struct demofs_item *item;

	spin_lock(&pool->outer);
	spin_lock(&pool->lock);
	wait_event_cmd(pool->wait, pool->left, spin_unlock(&pool->lock), spin_lock(&pool->lock)); /* expect: sleep-in-atomic (pool->outer) */
	item = list_first_entry(&pool->idle, struct demofs_item, list);
	spin_unlock(&pool->lock);
	spin_unlock(&pool->outer);
	return item;
}
