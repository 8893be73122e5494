/* What the callee takes is given back here by another name: the function was called without it. */
static void demofs_lock_bucket(struct demofs_table *table, unsigned int hash)
{
	spin_lock(&table->buckets[hash].bucket_lock);
}

static int demofs_get(struct demofs_bucket *bucket, struct demofs_table *table, unsigned int hash)
{
	struct demofs_item *item = kmalloc(sizeof(*item), GFP_KERNEL);

	if (!item)
		return -ENOMEM;
	demofs_lock_bucket(table, hash);
	bucket->last = item;
	spin_unlock(&bucket->bucket_lock);
	return 0;
}

/* Taken here by one name and given back by another, on the way to a caller without it. */
static int demofs_move(struct demofs_bucket *bucket, struct demofs_bucket *other, struct demofs_item *item)
{
	struct demofs_note *note = kmalloc(sizeof(*note), GFP_KERNEL);

	if (!note)
		return -ENOMEM;
	spin_lock(&item->bucket->bucket_lock);
	list_add(&item->link, &bucket->items);
	spin_unlock(&bucket->bucket_lock);
	return 0;
}
