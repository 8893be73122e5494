/* No table in sight; the types say what it is. */
static int newfs_write(struct folio *folio, struct writeback_control *wbc)
{
	void *buffer = kvmalloc(newfs_block_size(wbc), GFP_KERNEL); /* expect: alloc-fs-on-writeback-path */

	if (buffer)
		newfs_pack(buffer, folio);
	folio_unlock(folio);
	return 0;
}
