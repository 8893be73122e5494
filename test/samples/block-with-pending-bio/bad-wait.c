/* Waiting for the writeback bit of the next page, which this bio may have set. */

static void demofs_wait_next(struct folio *folio, struct folio *next, struct bio *bio)
{
	folio_start_writeback(folio);
	bio_add_folio(bio, folio, folio_size(folio), 0);
	folio_unlock(folio);
	folio_wait_writeback(next); /* expect: block-with-pending-bio (next) */
	submit_bio(bio);
}
