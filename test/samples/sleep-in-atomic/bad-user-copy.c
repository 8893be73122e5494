/* A page fault sleeps too. */

static int demofs_get_stats(struct demofs_sb_info *sbi, void __user *to)
{
	int err = 0;

	spin_lock(&sbi->s_stat_lock);
	if (copy_to_user(to, &sbi->s_stats, sizeof(sbi->s_stats))) /* expect: sleep-in-atomic (user copy) */
		err = -EFAULT;
	spin_unlock(&sbi->s_stat_lock);
	return err;
}

static int demofs_get_flags(struct demofs_sb_info *sbi, int __user *to)
{
	int err;

	rcu_read_lock();
	err = put_user(rcu_dereference(sbi->s_opts)->flags, to); /* expect: sleep-in-atomic (RCU) */
	rcu_read_unlock();
	return err;
}

static int demofs_set_flags(struct demofs_sb_info *sbi, int __user *from)
{
	int flags, err;

	preempt_disable();
	err = get_user(flags, from); /* expect: sleep-in-atomic (preemption) */
	if (!err)
		this_cpu_write(demofs_flags, flags);
	preempt_enable();
	return err;
}
