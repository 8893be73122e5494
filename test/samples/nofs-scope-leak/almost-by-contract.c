/* One function saves, another restores. */

static void demofs_trans_start(struct demofs_trans *trans)
{
	trans->nofs = memalloc_nofs_save();
	trans->open = 1;
}

static void demofs_trans_stop(struct demofs_trans *trans)
{
	trans->open = 0;
	memalloc_nofs_restore(trans->nofs);
}

static unsigned int demofs_enter(struct demofs_sb_info *sbi)
{
	mutex_lock(&sbi->s_mutex);
	return memalloc_nofs_save();
}

static int demofs_change(struct demofs_trans *trans, int n)
{
	demofs_trans_start(trans);
	if (n < 0) {
		demofs_trans_stop(trans);
		return -EINVAL;
	}
	trans->n = n;
	demofs_trans_stop(trans);
	return 0;
}

/* The transaction's own: kept for the caller while it is open. */
static int demofs_trans_roll(struct demofs_trans *trans)
{
	memalloc_nofs_restore(trans->nofs);
	cond_resched();
	trans->nofs = memalloc_nofs_save();
	if (trans->dead)
		return -EIO;
	return 0;
}
