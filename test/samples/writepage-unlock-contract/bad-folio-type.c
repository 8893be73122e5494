/* No table in sight; the types say what it is. */
static int newfs_write(struct folio *folio, struct writeback_control *wbc)
{
	if (newfs_is_shut_down(wbc->sync_mode))
		return -EIO; /* expect: writepage-unlock-contract */
	folio_unlock(folio);
	return 0;
}
