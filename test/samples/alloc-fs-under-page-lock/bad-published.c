/* A page that is new, until it is in the page cache: add_to_page_cache() locks it. */

static int demofs_add(struct address_space *mapping, pgoff_t index)
{
	struct page *page = alloc_page(GFP_KERNEL);
	void *map;

	if (!page)
		return -ENOMEM;
	if (add_to_page_cache_lru(page, mapping, index, GFP_NOFS)) {
		put_page(page);
		return -EEXIST;
	}
	map = kmalloc(128, GFP_KERNEL); /* expect: alloc-fs-under-page-lock (page) */
	unlock_page(page);
	put_page(page);
	kfree(map);
	return 0;
}

static int demofs_add_folio(struct address_space *mapping, struct folio *folio, pgoff_t index)
{
	void *map;

	if (filemap_add_folio(mapping, folio, index, GFP_NOFS) < 0)
		return -EEXIST;
	map = kmalloc(128, GFP_KERNEL); /* expect: alloc-fs-under-page-lock (folio) */
	folio_unlock(folio);
	kfree(map);
	return 0;
}
