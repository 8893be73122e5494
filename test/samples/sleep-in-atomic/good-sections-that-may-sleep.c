/* Readers and owners who may sleep. */

static void demofs_srcu(struct demofs_sb_info *sbi)
{
	int idx = srcu_read_lock(&sbi->s_srcu);

	mutex_lock(&sbi->s_mutex);
	sbi->s_count++;
	mutex_unlock(&sbi->s_mutex);
	srcu_read_unlock(&sbi->s_srcu, idx);
}

static void demofs_big_lock(struct demofs_sb_info *sbi)
{
	lock_kernel();
	sbi->s_buf = kmalloc(64, GFP_KERNEL);
	unlock_kernel();
}

static int demofs_kmap_local(struct page *page, const void __user *from, size_t len)
{
	char *kaddr = kmap_local_page(page);
	int err = 0;

	if (copy_from_user(kaddr, from, len))
		err = -EFAULT;
	kunmap_local(kaddr);
	return err;
}

static unsigned int demofs_seq_reader(struct demofs_sb_info *sbi)
{
	unsigned int seq, flags;

	do {
		seq = read_seqbegin(&sbi->s_seq);
		flags = sbi->s_flags;
		cond_resched();
	} while (read_seqretry(&sbi->s_seq, seq));
	return flags;
}

static void demofs_mutexes_nest(struct demofs_sb_info *sbi)
{
	mutex_lock(&sbi->s_mutex);
	down_write(&sbi->s_rwsem);
	sbi->s_buf = kmalloc(64, GFP_KERNEL);
	up_write(&sbi->s_rwsem);
	mutex_unlock(&sbi->s_mutex);
}
