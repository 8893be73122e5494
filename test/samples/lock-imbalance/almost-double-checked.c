/* Both questions are one where the first decides whether the lock is taken at all. */

static int demofs_settle(struct demofs_sb_info *sbi)
{
	if (sbi->s_shared)
		mutex_lock(&sbi->s_mutex);
	demofs_collect(sbi);
	if (sbi->s_shared)
		mutex_unlock(&sbi->s_mutex);
	return 0;
}

static int demofs_start_once(struct demofs_sb_info *sbi)
{
	if (sbi->s_started)
		return 0;
	mutex_lock(&sbi->s_mutex);
	if (sbi->s_started) {
		mutex_unlock(&sbi->s_mutex);
		return 0;
	}
	sbi->s_started = true;
	mutex_unlock(&sbi->s_mutex);
	return 0;
}
