/* The trylock worked, or something else is held all the same. */

static int demofs_try(struct demofs_node *node)
{
	if (!spin_trylock(&node->lock))
		return -EAGAIN;
	node->data = vmalloc(4096); /* expect: sleep-in-atomic (spinlock) */
	spin_unlock(&node->lock);
	return node->data ? 0 : -ENOMEM;
}

static void demofs_two(struct demofs_node *a, struct demofs_node *b)
{
	spin_lock(&a->lock);
	spin_lock_nested(&b->lock, 1);
	a->count += b->count;
	spin_unlock(&b->lock);
	mutex_lock(&a->mutex); /* expect: sleep-in-atomic (a->lock) */
	a->total = a->count;
	mutex_unlock(&a->mutex);
	spin_unlock(&a->lock);
}

static void demofs_last(struct demofs_node *node)
{
	if (atomic_dec_and_lock(&node->refs, &node->lock)) {
		might_sleep(); /* expect: sleep-in-atomic (spinlock) */
		list_del(&node->list);
		spin_unlock(&node->lock);
	}
}
