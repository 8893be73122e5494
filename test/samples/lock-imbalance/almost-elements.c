/* All locks of an array, taken and given back in loops. */

static int demofs_lock_all(struct demofs_table *table)
{
	int i;

	for (i = 0; i < DEMOFS_SLOTS; i++)
		mutex_lock(&table->locks[i]);
	if (table->dead) {
		for (i = 0; i < DEMOFS_SLOTS; i++)
			mutex_unlock(&table->locks[i]);
		return -EIO;
	}
	return 0;
}

static int demofs_sum(struct demofs_table *table, int from)
{
	int i, sum = 0;

	for (i = from; i < DEMOFS_SLOTS; i++) {
		mutex_lock(&table->locks[i]);
		sum += table->counts[i];
		mutex_unlock(&table->locks[i]);
	}
	return sum;
}
