/* The names of 2.6.12: semaphores, bottom halves, kmap_atomic() with a slot. */

static int demofs_grow_bitmap(struct super_block *sb, int blocks)
{
	struct demofs_sb_info *sbi = DEMOFS_SB(sb);
	unsigned long *map;

	spin_lock(&sbi->s_map_lock);
	map = kmalloc(blocks / 8, GFP_KERNEL); /* expect: sleep-in-atomic (spinlock) */
	if (map)
		sbi->s_map = map;
	spin_unlock(&sbi->s_map_lock);
	return map ? 0 : -ENOMEM;
}

static void demofs_sync_log(struct demofs_log *log)
{
	write_lock(&log->l_lock);
	down(&log->l_sem); /* expect: sleep-in-atomic (semaphore) */
	log->l_seq++;
	up(&log->l_sem);
	write_unlock(&log->l_lock);
}

static int demofs_copy_name(struct page *page, const char __user *name, size_t len)
{
	char *kaddr;
	int err = 0;

	kaddr = kmap_atomic(page, KM_USER0);
	lock_page(page); /* expect: sleep-in-atomic (preemption) */
	memset(kaddr, 0, len);
	unlock_page(page);
	kunmap_atomic(kaddr, KM_USER0);
	return err;
}

static void demofs_wait_for_room(struct demofs_log *log)
{
	unsigned long flags;

	local_irq_save(flags);
	if (log->l_free == 0)
		schedule(); /* expect: sleep-in-atomic (interrupts) */
	local_irq_restore(flags);
}

static int demofs_mark_super(struct demofs_sb_info *sbi, struct buffer_head *bh)
{
	read_lock_bh(&sbi->s_state_lock);
	lock_buffer(bh); /* expect: sleep-in-atomic (buffer lock) */
	set_buffer_uptodate(bh);
	unlock_buffer(bh);
	read_unlock_bh(&sbi->s_state_lock);
	return 0;
}
