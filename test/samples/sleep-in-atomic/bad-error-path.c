/* Only the way that nobody tests. */

static int demofs_move(struct demofs_tree *tree, struct demofs_leaf *leaf)
{
	int err = 0;

	spin_lock(&tree->lock);
	if (leaf->gen != tree->gen) {
		err = -ESTALE;
		goto fail;
	}
	list_move(&leaf->list, &tree->leaves);
	spin_unlock(&tree->lock);
	return 0;

fail:
	mutex_lock(&leaf->mutex); /* expect: sleep-in-atomic (spinlock) */
	leaf->bad = 1;
	mutex_unlock(&leaf->mutex);
	spin_unlock(&tree->lock);
	return err;
}

static int demofs_load(struct demofs_tree *tree, struct demofs_leaf *leaf)
{
	void *copy;

	spin_lock(&tree->lock);
	copy = kmemdup(leaf->data, leaf->size, GFP_ATOMIC);
	if (!copy)
		copy = kmemdup(leaf->data, leaf->size, GFP_KERNEL); /* expect: sleep-in-atomic (spinlock) */
	leaf->copy = copy;
	spin_unlock(&tree->lock);
	return copy ? 0 : -ENOMEM;
}
