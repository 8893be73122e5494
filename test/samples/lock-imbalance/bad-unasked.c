/* Nobody looks whether the lock was taken: it is meant to be. */

static int demofs_poke(struct demofs_sb_info *sbi, int n)
{
	down_interruptible(&sbi->s_sem);
	sbi->s_pokes++;
	up(&sbi->s_sem);

	/* Whoever is killed here goes on all the same. */
	// And nobody is told.
	mutex_lock_killable(&sbi->s_mutex);
	if (n > sbi->s_max)
		return -EINVAL; /* expect: lock-imbalance (s_mutex) */
	sbi->s_pokes = n;
	mutex_unlock(&sbi->s_mutex);
	return 0;
}
