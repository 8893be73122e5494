/* Who knows what they do with the lock, or whether they sleep. */

static void demofs_handed(struct demofs_sb_info *sbi)
{
	spin_lock(&sbi->s_lock);
	demofs_release_and_log(sbi);
	mutex_lock(&sbi->s_mutex);
	sbi->s_hits++;
	mutex_unlock(&sbi->s_mutex);
}

static void demofs_last_inode(struct demofs_sb_info *sbi, struct inode *inode)
{
	spin_lock(&sbi->s_lock);
	iput(inode);
	demofs_may_sleep_or_not();
	spin_unlock(&sbi->s_lock);
}

/* Whose is taken here is what the caller gave, and it is another. */
static void demofs_array(struct demofs_sb_info *sbi, int from, int to)
{
	spin_lock(&sbi->s_buckets[from].lock);
	sbi->s_hits++;
	spin_unlock(&sbi->s_buckets[from].lock);
	mutex_lock(&sbi->s_mutex);
	sbi->s_hits = 0;
	mutex_unlock(&sbi->s_mutex);
}

static struct demofs_node *demofs_new(struct demofs_sb_info *sbi)
{
	struct demofs_node *node = kmalloc(sizeof(*node), GFP_KERNEL);

	if (!node)
		return NULL;
	spin_lock_init(&node->lock);
	spin_lock(&node->lock);
	node->sbi = sbi;
	spin_unlock(&node->lock);
	cond_resched();
	return node;
}

#define demofs_with_lock(sbi, what) \
	do { \
		spin_lock(&(sbi)->s_lock); \
		what; \
		spin_unlock(&(sbi)->s_lock); \
	} while (0)

static void demofs_macro(struct demofs_sb_info *sbi)
{
	demofs_with_lock(sbi, sbi->s_hits++);
	schedule();
}

static void demofs_prepare_to_wait(struct demofs_sb_info *sbi)
{
	DEFINE_WAIT(wait);

	spin_lock(&sbi->s_lock);
	while (!sbi->s_ready) {
		prepare_to_wait(&sbi->s_wait, &wait, TASK_UNINTERRUPTIBLE);
		spin_unlock(&sbi->s_lock);
		schedule();
		spin_lock(&sbi->s_lock);
		finish_wait(&sbi->s_wait, &wait);
	}
	spin_unlock(&sbi->s_lock);
}
