/* It drops the table's lock for the copy and returns with it: so it was called with it, whatever lock a callee takes. */
static void demofs_count(struct demofs_pool *pool)
{
	spin_lock(&pool->pool_lock);
	pool->used++;
	spin_unlock(&pool->pool_lock);
}

static int demofs_copy_on_write(struct demofs_mm *mm, struct demofs_pool *pool, struct page *old)
{
	struct demofs_item *item;

	demofs_count(pool);
	if (old->index == 0)
		return 0;
	item = kmalloc(sizeof(*item), GFP_KERNEL); /* expect: sleep-in-atomic (table_lock) */
	if (!item)
		return -ENOMEM;
	spin_unlock(&mm->table_lock);
	copy_highpage(item->page, old);
	spin_lock(&mm->table_lock);
	return 0;
}

/* The same with a lock of its own in front. */
static int demofs_purge(struct demofs_domain *domain, struct demofs_resource *res)
{
	struct demofs_note *note;

	spin_lock(&res->res_lock);
	res->state = 0;
	spin_unlock(&res->res_lock);
	note = kmalloc(sizeof(*note), GFP_NOFS); /* expect: sleep-in-atomic (domain_lock) */
	if (!note)
		return -ENOMEM;
	spin_unlock(&domain->domain_lock);
	demofs_send(note);
	spin_lock(&domain->domain_lock);
	return 0;
}
