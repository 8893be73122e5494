/* The error path goes to the label behind the unlock. */

static int demofs_attach(struct demofs_sb_info *sbi, struct demofs_dev *dev)
{
	int err;

	mutex_lock(&sbi->s_dev_lock);
	if (sbi->s_dev) {
		err = -EBUSY;
		goto out;
	}
	sbi->s_dev = dev;
	err = 0;
	mutex_unlock(&sbi->s_dev_lock);
out:
	return err; /* expect: lock-imbalance (s_dev_lock) */
}

static int demofs_two_locks(struct demofs_sb_info *sbi, int n)
{
	int err = 0;

	mutex_lock(&sbi->s_dev_lock);
	spin_lock(&sbi->s_lock);
	if (n > sbi->s_max) {
		err = -ERANGE;
		goto out_unlock;
	}
	sbi->s_n = n;
	spin_unlock(&sbi->s_lock);
out_unlock:
	mutex_unlock(&sbi->s_dev_lock);
	return err; /* expect: lock-imbalance (s_lock) */
}
