/* Nobody compiles what a developer has put there to look for a bug; a configuration's debugging is another matter. */

static unsigned long demofs_count_free(struct demofs_info *info)
{
	unsigned long count = 0;
	int i;
#ifdef DEMOFS_DEBUG
	for (i = 0; i < info->groups; i++)
		count += demofs_weigh(sb_bread(info->sb, i));
	printk("counted %lu\n", count);
	return count;
#else
	for (i = 0; i < info->groups; i++)
		count += info->group[i].free;
	return count;
#endif
}

static void demofs_note_free(struct demofs_info *info)
{
	spin_lock(&info->lock);
	info->free = demofs_count_free(info);
	spin_unlock(&info->lock);
}
