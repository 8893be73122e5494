/* Somebody else has the bio, or may have it. */

static void demofs_queue_bio(struct page *page, struct page *next, struct bio *bio)
{
	set_page_writeback(page);
	bio_add_page(bio, page, PAGE_SIZE, 0);
	unlock_page(page);
	demofs_submit(bio);
	lock_page(next);
	unlock_page(next);
}

static void demofs_queue_ctx(struct page *page, struct page *next, struct demofs_ctx *ctx)
{
	set_page_writeback(page);
	bio_add_page(ctx->bio, page, PAGE_SIZE, 0);
	unlock_page(page);
	demofs_flush(ctx);
	lock_page(next);
	unlock_page(next);
}

static void demofs_queue_alias(struct page *page, struct page *next, struct demofs_ctx *ctx)
{
	struct bio *bio = ctx->bio;

	set_page_writeback(page);
	bio_add_page(bio, page, PAGE_SIZE, 0);
	unlock_page(page);
	demofs_flush(ctx);
	lock_page(next);
	unlock_page(next);
}

static void demofs_chained(struct page *page, struct page *next, struct bio *bio, struct bio *more)
{
	set_page_writeback(page);
	bio_add_page(bio, page, PAGE_SIZE, 0);
	unlock_page(page);
	bio_chain(bio, more);
	lock_page(next);
	unlock_page(next);
}

static void demofs_counted(struct page **pages, int nr, struct bio *bio, struct page *last)
{
	int i, added = 0;

	for (i = 0; i < nr; i++) {
		if (!trylock_page(pages[i]))
			continue;
		set_page_writeback(pages[i]);
		bio_add_page(bio, pages[i], PAGE_SIZE, 0);
		unlock_page(pages[i]);
		added++;
	}
	if (added)
		submit_bio(bio);
	lock_page(last);
	unlock_page(last);
}

static void demofs_many(struct page *page, struct bio **bios, int nr, struct page *last)
{
	int i;

	set_page_writeback(page);
	bio_add_page(bios[nr - 1], page, PAGE_SIZE, 0);
	for (i = 0; i < nr; i++)
		submit_bio(bios[i]);
	lock_page(last);
	unlock_page(last);
}
