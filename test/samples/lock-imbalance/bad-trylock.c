/* The trylock worked, and the way out forgets it. */

static int demofs_try(struct demofs_node *node)
{
	if (!mutex_trylock(&node->mutex))
		return -EAGAIN;
	if (node->dead)
		return -ENOENT; /* expect: lock-imbalance (mutex) */
	node->tries++;
	mutex_unlock(&node->mutex);
	return 0;
}

static int demofs_killable(struct demofs_node *node)
{
	int err;

	err = mutex_lock_killable(&node->mutex);
	if (err)
		return err;
	if (!node->data)
		return -ENODATA; /* expect: lock-imbalance (mutex) */
	node->tries++;
	mutex_unlock(&node->mutex);
	return 0;
}
