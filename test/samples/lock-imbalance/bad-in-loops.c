/* Out of a loop. */

static int demofs_scan(struct demofs_sb_info *sbi, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		spin_lock(&sbi->s_lock);
		if (sbi->s_map[i] < 0)
			return -EIO; /* expect: lock-imbalance (s_lock) */
		sbi->s_map[i]++;
		spin_unlock(&sbi->s_lock);
	}
	return 0;
}

static int demofs_search(struct demofs_sb_info *sbi, u32 id)
{
	struct demofs_item *item;

	mutex_lock(&sbi->s_mutex);
	list_for_each_entry(item, &sbi->s_items, list) {
		if (item->id == id)
			return 0; /* expect: lock-imbalance (s_mutex) */
	}
	mutex_unlock(&sbi->s_mutex);
	return 0;
}
