/* Flags, conditional locks, trylocks. */

static int demofs_maybe(struct demofs_sb_info *sbi, bool locked)
{
	if (!locked)
		mutex_lock(&sbi->s_mutex);
	if (sbi->s_dead) {
		if (!locked)
			mutex_unlock(&sbi->s_mutex);
		return -EIO;
	}
	sbi->s_uses++;
	if (!locked)
		mutex_unlock(&sbi->s_mutex);
	return 0;
}

static int demofs_flagged(struct demofs_sb_info *sbi, int n)
{
	int err = 0, unlock = 0;

	if (n > 3) {
		mutex_lock(&sbi->s_mutex);
		unlock = 1;
	}
	if (sbi->s_dead) {
		err = -EIO;
		goto out;
	}
	sbi->s_uses += n;
out:
	if (unlock)
		mutex_unlock(&sbi->s_mutex);
	return err;
}

static int demofs_by_mode(struct demofs_sb_info *sbi, unsigned int flags)
{
	if (flags & DEMOFS_NOWAIT) {
		if (!mutex_trylock(&sbi->s_mutex))
			return -EAGAIN;
	} else {
		mutex_lock(&sbi->s_mutex);
	}
	sbi->s_uses++;
	mutex_unlock(&sbi->s_mutex);
	return 0;
}

static int demofs_by_pointer(struct page *page, int want)
{
	struct page *locked = NULL;
	int err = 0;

	if (want) {
		lock_page(page);
		locked = page;
	}
	if (PageError(page))
		err = -EIO;
	if (locked)
		unlock_page(locked);
	return err;
}

static int demofs_by_field(struct demofs_ctx *ctx, struct demofs_sb_info *sbi)
{
	if (ctx->exclusive)
		down_write(&sbi->s_rwsem);
	else
		down_read(&sbi->s_rwsem);
	sbi->s_uses++;
	if (ctx->exclusive)
		up_write(&sbi->s_rwsem);
	else
		up_read(&sbi->s_rwsem);
	return 0;
}
