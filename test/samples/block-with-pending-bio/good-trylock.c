/* Try, submit, then block. */

static void demofs_write_run(struct page **pages, int nr)
{
	struct bio *bio = NULL;
	int i;

	for (i = 0; i < nr; i++) {
		if (!trylock_page(pages[i])) {
			if (bio) {
				submit_bio(bio);
				bio = NULL;
			}
			lock_page(pages[i]);
		}
		if (!bio)
			bio = bio_alloc(GFP_NOFS, DEMOFS_RUN_PAGES);
		set_page_writeback(pages[i]);
		bio_add_page(bio, pages[i], PAGE_SIZE, 0);
		unlock_page(pages[i]);
	}
	if (bio)
		submit_bio(bio);
}

static void demofs_try_24(struct page *page, struct page *next, struct bio *bio)
{
	SetPageWriteback(page);
	bio_add_page(bio, page, PAGE_SIZE, 0);
	UnlockPage(page);
	if (TestSetPageLocked(next)) {
		submit_bio(WRITE, bio);
		lock_page(next);
		unlock_page(next);
		return;
	}
	submit_bio(WRITE, bio);
	unlock_page(next);
}
