/* A bio that reads: nobody waits for its writeback. */

static void demofs_read_run(struct page **pages, int nr, struct bio *bio)
{
	int i;

	for (i = 0; i < nr; i++) {
		lock_page(pages[i]);
		bio_add_page(bio, pages[i], PAGE_SIZE, 0);
	}
	submit_bio(bio);
}

/* Writeback without a bio: another function carries the data. */
static void demofs_write_remote(struct page **pages, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		lock_page(pages[i]);
		set_page_writeback(pages[i]);
		unlock_page(pages[i]);
	}
}

/* The page never went out: its writeback ends before the next lock. */
static void demofs_give_up(struct page *page, struct page *next, struct bio *bio)
{
	set_page_writeback(page);
	bio_add_page(bio, page, PAGE_SIZE, 0);
	end_page_writeback(page);
	unlock_page(page);
	lock_page(next);
	unlock_page(next);
	bio_put(bio);
}
