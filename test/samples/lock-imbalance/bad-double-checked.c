/* What was asked before the lock is asked anew behind it. */

static void demofs_record(struct demofs_sb_info *sbi)
{
	if (time_is_after_jiffies(sbi->s_next))
		return;
	spin_lock(&sbi->s_lock);
	if (time_is_after_jiffies(sbi->s_next))
		return; /* expect: lock-imbalance (s_lock) */
	sbi->s_next = jiffies + sbi->s_period;
	spin_unlock(&sbi->s_lock);
	demofs_trace(sbi);
}

static int demofs_attach(struct demofs_sb_info *sbi)
{
	if (sbi->s_attached)
		return 0;
	mutex_lock(&sbi->s_mutex);
	if (sbi->s_attached)
		return 0; /* expect: lock-imbalance (s_mutex) */
	sbi->s_attached = true;
	mutex_unlock(&sbi->s_mutex);
	return 0;
}
