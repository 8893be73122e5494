/* From the second round on, the lock is awaited with the bio filled: names of 2.6 and of today. */

static void demofs_write_run_26(struct page **pages, int nr, struct bio *bio)
{
	int i;

	for (i = 0; i < nr; i++) {
		lock_page(pages[i]); /* expect: block-with-pending-bio (pages[]) */
		set_page_writeback(pages[i]);
		bio_add_page(bio, pages[i], PAGE_CACHE_SIZE, 0);
		unlock_page(pages[i]);
	}
	submit_bio(WRITE, bio);
}

static int demofs_write_folios(struct folio_batch *fbatch, struct bio *bio)
{
	int i;

	for (i = 0; i < folio_batch_count(fbatch); i++) {
		struct folio *folio = fbatch->folios[i];

		folio_lock(folio); /* expect: block-with-pending-bio (folio) */
		folio_start_writeback(folio);
		bio_add_folio(bio, folio, folio_size(folio), 0);
		folio_unlock(folio);
	}
	submit_bio(bio);
	return 0;
}
