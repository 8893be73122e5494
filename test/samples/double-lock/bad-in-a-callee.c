/* One of the two stands in a function of the same file. */

static void demofs_touch(struct demofs_sb_info *sbi)
{
	spin_lock(&sbi->s_lock);
	sbi->s_touched++;
	spin_unlock(&sbi->s_lock);
}

static void demofs_touch_all(struct demofs_sb_info *sbi)
{
	demofs_touch(sbi);
	spin_lock(&sbi->s_lock);
	demofs_touch(sbi); /* expect: double-lock (holds already) */
	spin_unlock(&sbi->s_lock);
}

static void demofs_drop(struct demofs_sb_info *sbi)
{
	sbi->s_users--;
	mutex_unlock(&sbi->s_mutex);
}

static void demofs_finish(struct demofs_sb_info *sbi)
{
	mutex_lock(&sbi->s_mutex);
	sbi->s_done = 1;
	mutex_unlock(&sbi->s_mutex);
	demofs_drop(sbi); /* expect: double-lock (second time) */
}
