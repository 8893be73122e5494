/* A killable lock waits as well. */

static int demofs_write_killable(struct page *page, struct page *next, struct bio *bio)
{
	set_page_writeback(page);
	bio_add_page(bio, page, PAGE_SIZE, 0);
	unlock_page(page);
	if (lock_page_killable(next)) { /* expect: block-with-pending-bio (next) */
		submit_bio(bio);
		return -EINTR;
	}
	unlock_page(next);
	submit_bio(bio);
	return 0;
}
