/* Called with the lock, it drops and retakes it. */

static int demofs_wait_ready(struct demofs_sb_info *sbi)
{
	while (!sbi->s_ready) {
		mutex_unlock(&sbi->s_mutex);
		msleep(10);
		mutex_lock(&sbi->s_mutex);
		if (sbi->s_dead)
			return -EIO;
	}
	return 0;
}

static int demofs_use(struct demofs_sb_info *sbi)
{
	int err;

	mutex_lock(&sbi->s_mutex);
	err = demofs_wait_ready(sbi);
	if (!err)
		sbi->s_uses++;
	mutex_unlock(&sbi->s_mutex);
	return err;
}

/* Gives its caller's lock back when it fails. */
static int demofs_grow(struct demofs_sb_info *sbi)
{
	void *buf;

	spin_unlock(&sbi->s_lock);
	buf = kmalloc(64, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	spin_lock(&sbi->s_lock);
	sbi->s_buf = buf;
	return 0;
}

static int demofs_grown(struct demofs_sb_info *sbi)
{
	int err;

	spin_lock(&sbi->s_lock);
	err = demofs_grow(sbi);
	if (err)
		return err;
	spin_unlock(&sbi->s_lock);
	return 0;
}
