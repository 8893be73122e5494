/* GFP_NOFS and GFP_NOIO sleep as GFP_KERNEL does; masks in variables. */

static void *demofs_nofs(struct demofs_sb_info *sbi)
{
	void *p;

	spin_lock(&sbi->s_lock);
	p = kmalloc(64, GFP_NOFS); /* expect: sleep-in-atomic (spinlock) */
	spin_unlock(&sbi->s_lock);
	return p;
}

static void *demofs_in_a_variable(struct demofs_sb_info *sbi, bool io)
{
	gfp_t gfp = GFP_NOIO;
	void *p;

	if (io)
		gfp |= __GFP_IO;
	spin_lock(&sbi->s_lock);
	p = kmalloc(64, gfp | __GFP_ZERO); /* expect: sleep-in-atomic (spinlock) */
	spin_unlock(&sbi->s_lock);
	return p;
}

static void *demofs_scope_is_no_help(struct demofs_sb_info *sbi)
{
	unsigned int nofs = memalloc_nofs_save();
	void *p;

	spin_lock(&sbi->s_lock);
	p = kmalloc(64, GFP_KERNEL); /* expect: sleep-in-atomic (spinlock) */
	spin_unlock(&sbi->s_lock);
	memalloc_nofs_restore(nofs);
	return p;
}

static struct page *demofs_nofail(struct demofs_sb_info *sbi)
{
	struct page *page;

	write_seqlock(&sbi->s_seq);
	page = alloc_page(GFP_NOIO | __GFP_NOFAIL); /* expect: sleep-in-atomic (sequence lock) */
	sbi->s_spare = page;
	write_sequnlock(&sbi->s_seq);
	return page;
}
