/* Under its page lock nobody can have put the page into a bio again: the thread left it at that. */
static int demofs_rewrite(struct page *page, struct page *done, struct bio *bio)
{
	if (!trylock_page(page))
		return -EAGAIN;
	set_page_writeback(done);
	bio_add_page(bio, done, PAGE_SIZE, 0);
	wait_on_page_writeback(page);
	unlock_page(page);
	submit_bio(bio);
	return 0;
}
