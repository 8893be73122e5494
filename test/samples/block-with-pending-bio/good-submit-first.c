/* One bio a page. */

static void demofs_write_each(struct folio **folios, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		struct bio *bio = bio_alloc(GFP_NOFS, 1);

		folio_lock(folios[i]);
		folio_start_writeback(folios[i]);
		bio_add_folio(bio, folios[i], PAGE_SIZE, 0);
		folio_unlock(folios[i]);
		submit_bio(bio);
	}
}

static int demofs_write_and_wait(struct page *page, struct bio *bio)
{
	set_page_writeback(page);
	bio_add_page(bio, page, PAGE_SIZE, 0);
	submit_bio_wait(bio);
	wait_on_page_writeback(page);
	kfree(kmalloc(16, GFP_KERNEL));
	return 0;
}
