/* An early return between down_write() and up_write(), spinlocks, page locks. */

static int demofs_insert(struct demofs_tree *tree, u32 key)
{
	struct demofs_leaf *leaf;

	down_write(&tree->t_sem);
	leaf = demofs_find(key);
	if (leaf == NULL)
		return -ENOENT; /* expect: lock-imbalance (t_sem) */
	leaf->key = key;
	up_write(&tree->t_sem);
	return 0;
}

static void demofs_note(struct demofs_log *log, int what)
{
	unsigned long flags;

	spin_lock_irqsave(&log->l_lock, flags);
	if (log->l_dead)
		return; /* expect: lock-imbalance (l_lock) */
	log->l_what = what;
	spin_unlock_irqrestore(&log->l_lock, flags);
}

static int demofs_fill_page(struct inode *inode, struct page *page)
{
	lock_page(page);
	if (page->mapping != inode->i_mapping)
		return -ESTALE; /* expect: lock-imbalance (page lock) */
	SetPageUptodate(page);
	unlock_page(page);
	return 0;
}
