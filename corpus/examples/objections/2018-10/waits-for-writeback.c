/* The other suspect: the writeback bit of a page whose lock is not held. */
static void demofs_follow_up(struct page *done, struct page *next, struct bio *bio)
{
	lock_page(done);
	clear_page_dirty_for_io(done);
	set_page_writeback(done);
	bio_add_page(bio, done, PAGE_SIZE, 0);
	unlock_page(done);
	wait_on_page_writeback(next);
	submit_bio(bio);
}
