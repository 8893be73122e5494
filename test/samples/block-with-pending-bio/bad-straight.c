/* No loop: the second page is locked while the first waits in the bio. */

static void demofs_write_pair(struct page *first, struct page *second)
{
	struct bio *bio = bio_alloc(GFP_NOFS, 2);

	lock_page(first);
	set_page_writeback(first);
	bio_add_page(bio, first, PAGE_SIZE, 0);
	unlock_page(first);
	lock_page(second); /* expect: block-with-pending-bio (second) */
	set_page_writeback(second);
	bio_add_page(bio, second, PAGE_SIZE, 0);
	unlock_page(second);
	submit_bio(bio);
}
