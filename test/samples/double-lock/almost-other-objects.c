/* Two locks of one name are not always one lock. */

static void demofs_pair(struct demofs_node *a, struct demofs_node *b)
{
	mutex_lock(&a->mutex);
	mutex_lock_nested(&b->mutex, 1);
	a->peer = b;
	mutex_unlock(&b->mutex);
	mutex_unlock(&a->mutex);
}

static int demofs_lock_pages(struct page **pages, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		lock_page(pages[i]);
	for (i = 0; i < nr; i++)
		unlock_page(pages[i]);
	return nr;
}

static void demofs_first_two(struct page **pages)
{
	lock_page(pages[0]);
	lock_page(pages[1]);
	unlock_page(pages[0]);
	unlock_page(pages[1]);
}

static void demofs_up_the_tree(struct demofs_node *node)
{
	struct demofs_node *parent;

	mutex_lock(&node->mutex);
	while ((parent = node->parent) != NULL) {
		mutex_lock(&parent->mutex);
		mutex_unlock(&node->mutex);
		node = parent;
	}
	mutex_unlock(&node->mutex);
}

static void demofs_next(struct demofs_node *node)
{
	spin_lock(&node->lock);
	node->count++;
	spin_unlock(&node->lock);
	node = node->next;
	spin_unlock(&node->lock);
}

static void demofs_ordered(struct inode *a, struct inode *b)
{
	if (a > b)
		swap(a, b);
	inode_lock(a);
	if (a != b)
		inode_lock_nested(b, I_MUTEX_NONDIR2);
	a->i_size = b->i_size;
	if (a != b)
		inode_unlock(b);
	inode_unlock(a);
}
