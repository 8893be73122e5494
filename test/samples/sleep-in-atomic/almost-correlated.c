/* Flags say whether the lock is held, and whether one may sleep. */

static void *demofs_get(struct demofs_sb_info *sbi, bool locked)
{
	void *p;

	if (locked)
		spin_lock(&sbi->s_lock);
	p = sbi->s_buf;
	if (!p && !locked)
		p = kmalloc(64, GFP_KERNEL);
	if (locked)
		spin_unlock(&sbi->s_lock);
	return p;
}

static void *demofs_mask(struct demofs_sb_info *sbi, int atomic)
{
	gfp_t gfp = atomic ? GFP_ATOMIC : GFP_KERNEL;
	void *p;

	if (atomic)
		spin_lock(&sbi->s_lock);
	p = kmalloc(64, gfp);
	if (atomic)
		spin_unlock(&sbi->s_lock);
	return p;
}

static void *demofs_callers_mask(struct demofs_sb_info *sbi, gfp_t gfp)
{
	void *p;

	might_sleep_if(gfpflags_allow_blocking(gfp));
	spin_lock(&sbi->s_lock);
	p = kmalloc(64, gfp);
	spin_unlock(&sbi->s_lock);
	return p;
}

static int demofs_tried(struct demofs_sb_info *sbi)
{
	int locked = spin_trylock(&sbi->s_lock);

	if (!locked) {
		mutex_lock(&sbi->s_mutex);
		sbi->s_missed++;
		mutex_unlock(&sbi->s_mutex);
		return -EAGAIN;
	}
	sbi->s_hits++;
	spin_unlock(&sbi->s_lock);
	return 0;
}

static void demofs_last_reference(struct demofs_node *node)
{
	if (!atomic_dec_and_lock(&node->refs, &node->lock)) {
		cond_resched();
		return;
	}
	list_del(&node->list);
	spin_unlock(&node->lock);
	msleep(1);
}

static int demofs_until_unlocked(struct demofs_sb_info *sbi, int nr)
{
	int locked = 0, i;

	for (i = 0; i < nr; i++) {
		if (!locked) {
			cond_resched();
			spin_lock(&sbi->s_lock);
			locked = 1;
		}
		sbi->s_hits++;
		if (i % 16 == 0) {
			spin_unlock(&sbi->s_lock);
			locked = 0;
		}
	}
	if (locked)
		spin_unlock(&sbi->s_lock);
	return 0;
}
