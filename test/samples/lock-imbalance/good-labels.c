/* Labels in reverse order, guards. */

static int demofs_attach(struct demofs_sb_info *sbi, struct demofs_dev *dev)
{
	int err = 0;

	mutex_lock(&sbi->s_dev_lock);
	if (sbi->s_dev) {
		err = -EBUSY;
		goto out;
	}
	spin_lock(&sbi->s_lock);
	if (sbi->s_closing) {
		err = -EIO;
		goto out_spin;
	}
	sbi->s_dev = dev;
out_spin:
	spin_unlock(&sbi->s_lock);
out:
	mutex_unlock(&sbi->s_dev_lock);
	return err;
}

static int demofs_guarded(struct demofs_map *map, int id)
{
	guard(mutex)(&map->lock);
	if (id < 0)
		return -EINVAL;
	scoped_guard(spinlock, &map->spin) {
		if (map->id == id)
			return -EEXIST;
		map->id = id;
	}
	return 0;
}

static int demofs_guards_in_a_loop(struct demofs_map *map, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		guard(mutex)(&map->lock);
		if (map->slots[i] < 0)
			return -EIO;
		if (map->slots[i] == 0)
			continue;
		map->slots[i]--;
	}
	return 0;
}
