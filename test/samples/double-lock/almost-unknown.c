/* A callee may have released it, or taken it. */

static void demofs_given_away(struct demofs_sb_info *sbi)
{
	mutex_lock(&sbi->s_mutex);
	demofs_flush_and_unlock(sbi);
	mutex_lock(&sbi->s_mutex);
	sbi->s_done = 1;
	mutex_unlock(&sbi->s_mutex);
}

static void demofs_taken_again(struct demofs_sb_info *sbi)
{
	mutex_lock(&sbi->s_mutex);
	mutex_unlock(&sbi->s_mutex);
	demofs_relock(sbi);
	mutex_unlock(&sbi->s_mutex);
}

/* Releases only what it has brought down to zero, by a function that nobody knows. */
static void demofs_put_table(struct demofs_sb_info *sbi)
{
	if (demofs_count_down_and_lock(&sbi->s_users, &sbi->s_mutex)) {
		sbi->s_table = NULL;
		mutex_unlock(&sbi->s_mutex);
	}
}

static void demofs_put_pool(struct demofs_sb_info *sbi)
{
	if (refcount_dec_and_mutex_lock(&sbi->s_pool_users, &sbi->s_mutex)) {
		sbi->s_pool = NULL;
		mutex_unlock(&sbi->s_mutex);
	}
}

/* Counts, says its name, whatever else it does. */
static void demofs_put_log(struct demofs_sb_info *sbi)
{
	if (refcount_dec_and_demofs_lock(&sbi->s_log_users, &sbi->s_mutex)) {
		struct demofs_log *log = NULL;

		log = sbi->s_log;
		mutex_unlock(&sbi->s_mutex);
		kfree(log);
	}
}

static void demofs_put_all(struct demofs_sb_info *sbi)
{
	mutex_lock(&sbi->s_mutex);
	sbi->s_closing = 1;
	mutex_unlock(&sbi->s_mutex);
	demofs_put_table(sbi);
	demofs_put_pool(sbi);
	demofs_put_log(sbi);
}

/* Unlocks when it fails, and says so. */
static int demofs_check(struct demofs_sb_info *sbi)
{
	if (sbi->s_broken) {
		mutex_unlock(&sbi->s_mutex);
		return -EIO;
	}
	return 0;
}

static int demofs_checked(struct demofs_sb_info *sbi)
{
	int err;

	mutex_lock(&sbi->s_mutex);
	err = demofs_check(sbi);
	if (err)
		return err;
	sbi->s_count++;
	mutex_unlock(&sbi->s_mutex);
	return 0;
}

static void demofs_relocks(struct demofs_sb_info *sbi)
{
	mutex_unlock(&sbi->s_mutex);
	msleep(1);
	mutex_lock(&sbi->s_mutex);
}

static void demofs_polls(struct demofs_sb_info *sbi)
{
	mutex_lock(&sbi->s_mutex);
	while (sbi->s_busy)
		demofs_relocks(sbi);
	mutex_unlock(&sbi->s_mutex);
}
