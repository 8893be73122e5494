/* The helper locks only for registers that are not mapped, and this one is. */

static int demofs_way(struct demofs_card *card, unsigned long *off)
{
	if (*off < DEMOFS_DIRECT_END) {
		*off += card->direct_base;
		return 0;
	}
	return 1;
}

static void demofs_write(struct demofs_card *card, unsigned long off, u32 data)
{
	int way = demofs_way(card, &off);

	if (way == 1)
		mutex_lock(&card->map_mutex);
	writel(data, off);
	if (way == 1)
		mutex_unlock(&card->map_mutex);
}

static void demofs_reset(struct demofs_card *card)
{
	mutex_lock(&card->map_mutex);
	demofs_write(card, DEMOFS_RESET, 1);
	mutex_unlock(&card->map_mutex);
}
