/* Somebody has switched this on. */

static void demofs_check(struct demofs_info *info)
{
	spin_lock(&info->lock);
#ifdef CONFIG_DEMOFS_DEBUG
	msleep(1); /* expect: sleep-in-atomic (spinlock) */
#endif
#ifndef NDEBUG
	msleep(2); /* expect: sleep-in-atomic (spinlock) */
#endif
	info->checked++;
	spin_unlock(&info->lock);
}
