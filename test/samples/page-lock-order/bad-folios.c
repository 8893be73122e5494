static int newfs_shift(struct address_space *mapping, pgoff_t index)
{
	struct folio *to = filemap_lock_folio(mapping, index + 4);
	struct folio *from;

	if (IS_ERR(to))
		return PTR_ERR(to);
	from = filemap_lock_folio(mapping, index + 2); /* expect: page-lock-order */
	if (!IS_ERR(from)) {
		folio_unlock(from);
		folio_put(from);
	}
	folio_unlock(to);
	folio_put(to);
	return 0;
}
