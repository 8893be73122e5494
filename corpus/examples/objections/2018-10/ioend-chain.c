/* An ioend grows over the folios of an extent; the lock of the next one is waited for with the bio in hand. */
static int demofs_extend_ioend(struct demofs_ioend *ioend, struct folio_batch *fbatch)
{
	struct bio *bio = ioend->io_bio;
	unsigned int i;

	for (i = 0; i < folio_batch_count(fbatch); i++) {
		struct folio *folio = fbatch->folios[i];

		folio_lock(folio);
		if (!folio_clear_dirty_for_io(folio)) {
			folio_unlock(folio);
			continue;
		}
		folio_start_writeback(folio);
		bio_add_folio(bio, folio, folio_size(folio), 0);
		folio_unlock(folio);
	}
	submit_bio(bio);
	return 0;
}
