/* What does not sleep, although its kin does. */

static void *demofs_atomic(struct demofs_sb_info *sbi)
{
	void *p;

	spin_lock(&sbi->s_lock);
	p = kmalloc(64, GFP_ATOMIC);
	if (!p)
		p = kmalloc(64, GFP_NOWAIT | __GFP_NOWARN);
	if (!p)
		p = kmalloc(64, GFP_KERNEL & ~__GFP_DIRECT_RECLAIM);
	spin_unlock(&sbi->s_lock);
	return p;
}

static int demofs_trylocks(struct demofs_sb_info *sbi, struct page *page)
{
	int got = 0;

	spin_lock(&sbi->s_lock);
	if (mutex_trylock(&sbi->s_mutex)) {
		got++;
		mutex_unlock(&sbi->s_mutex);
	}
	if (trylock_page(page)) {
		got++;
		unlock_page(page);
	}
	if (!down_trylock(&sbi->s_sem)) {
		got++;
		up(&sbi->s_sem);
	}
	spin_unlock(&sbi->s_lock);
	return got;
}

static int demofs_copy(struct page *page, const void __user *from, unsigned int len)
{
	char *kaddr = kmap_atomic(page);
	unsigned long left;

	left = __copy_from_user_inatomic(kaddr, from, len);
	kunmap_atomic(kaddr);
	return left ? -EFAULT : 0;
}

static int demofs_copy_locked(struct demofs_sb_info *sbi, void __user *to)
{
	unsigned long left;

	spin_lock(&sbi->s_lock);
	pagefault_disable();
	left = copy_to_user(to, &sbi->s_stats, sizeof(sbi->s_stats));
	pagefault_enable();
	spin_unlock(&sbi->s_lock);
	return left ? -EFAULT : 0;
}
