/* Folios. */

static int demofs_folio(struct folio *folio, struct demofs_work *work)
{
	folio_lock(folio);
	if (demofs_is_busy(work)) {
		folio_unlock(folio);
		demofs_wait_for(work);
		folio_lock(folio); /* expect: relock-without-recheck (folio) */
	}
	folio_mark_dirty(folio);
	folio_unlock(folio);
	return 0;
}

static bool demofs_is_busy(struct demofs_work *work)
{
	return work->busy;
}
