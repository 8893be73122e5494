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
