/* What is awaited with the bio pending cannot be waiting for it. */

static void demofs_quiet_alloc(struct page *page, struct bio *bio)
{
	unsigned int flags;

	set_page_writeback(page);
	bio_add_page(bio, page, PAGE_SIZE, 0);
	unlock_page(page);
	kfree(kmalloc(16, GFP_NOFS));
	kfree(kmalloc(16, GFP_NOWAIT));
	flags = memalloc_nofs_save();
	kfree(kmalloc(16, GFP_KERNEL));
	memalloc_nofs_restore(flags);
	submit_bio(bio);
}

/* The thread left this open: the page lock keeps others from putting the page into a bio. */
static void demofs_wait_locked(struct page *page, struct page *next, struct bio *bio)
{
	set_page_writeback(page);
	bio_add_page(bio, page, PAGE_SIZE, 0);
	unlock_page(page);
	if (!trylock_page(next)) {
		submit_bio(bio);
		return;
	}
	wait_on_page_writeback(next);
	unlock_page(next);
	submit_bio(bio);
}

static void demofs_mutex(struct page *page, struct demofs_sb *sb, struct bio *bio)
{
	set_page_writeback(page);
	bio_add_page(bio, page, PAGE_SIZE, 0);
	mutex_lock(&sb->lock);
	sb->count++;
	mutex_unlock(&sb->lock);
	submit_bio(bio);
}
