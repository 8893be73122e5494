/* The names of today. */

static int demofs_pin(struct address_space *mapping, unsigned long address, pgoff_t index, size_t count)
{
	struct page *source;
	struct folio *folio;

	for (; count; count--, index++, address += PAGE_SIZE) {
		if (pin_user_pages_fast(address, 1, 0, &source) != 1) /* expect: gup-on-write-fastpath */
			return -EFAULT;
		folio = filemap_grab_folio(mapping, index);
		if (!IS_ERR(folio)) {
			memcpy_to_folio(folio, 0, page_address(source), PAGE_SIZE);
			folio_mark_dirty(folio);
			folio_unlock(folio);
			folio_put(folio);
		}
		unpin_user_page(source);
	}
	return 0;
}
