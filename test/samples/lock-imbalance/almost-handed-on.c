/* Somebody else releases it: completion, a list, an unknown function. */

static int demofs_read(struct page *page, struct demofs_io *io)
{
	lock_page(page);
	if (PageUptodate(page)) {
		unlock_page(page);
		return 0;
	}
	demofs_submit_read(page, io);
	return 0;
}

static int demofs_read_bio(struct page *page, struct bio *bio)
{
	lock_page(page);
	if (PageUptodate(page)) {
		unlock_page(page);
		return 0;
	}
	bio_add_page(bio, page, PAGE_SIZE, 0);
	submit_bio(bio);
	return 0;
}

static int demofs_collect(struct demofs_ctx *ctx, struct page *page)
{
	lock_page(page);
	if (page->mapping != ctx->mapping) {
		unlock_page(page);
		return 0;
	}
	ctx->pages[ctx->nr++] = page;
	return 0;
}

static int demofs_lock_all(struct page **pages, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		lock_page(pages[i]);
		if (PageError(pages[i]))
			goto fail;
	}
	return 0;
fail:
	for (; i >= 0; i--)
		unlock_page(pages[i]);
	return -EIO;
}

static int demofs_write_buffer(struct buffer_head *bh)
{
	lock_buffer(bh);
	if (!buffer_dirty(bh)) {
		unlock_buffer(bh);
		return 0;
	}
	submit_bh(REQ_OP_WRITE, bh);
	return 0;
}

static int demofs_semaphore(struct demofs_sb_info *sbi)
{
	down(&sbi->s_slots);
	if (sbi->s_dead) {
		up(&sbi->s_slots);
		return 0;
	}
	queue_work(sbi->s_wq, &sbi->s_work);
	return 0;
}

static int demofs_unlocks_it(struct demofs_sb_info *sbi)
{
	mutex_lock(&sbi->s_mutex);
	if (sbi->s_dead)
		return demofs_fail_and_unlock(sbi);
	sbi->s_uses++;
	mutex_unlock(&sbi->s_mutex);
	return 0;
}

static void demofs_switch(struct demofs_node *node)
{
	struct demofs_node *next;

	spin_lock(&node->lock);
	next = node->next;
	if (next) {
		spin_lock(&next->lock);
		spin_unlock(&node->lock);
		node = next;
	}
	spin_unlock(&node->lock);
}

static int demofs_never_returns(struct demofs_sb_info *sbi)
{
	mutex_lock(&sbi->s_mutex);
	if (sbi->s_uses < 0)
		BUG();
	mutex_unlock(&sbi->s_mutex);
	return 0;
}
