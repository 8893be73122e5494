/* Under the page that the round before has left locked, and after a scope that ended too early. */

static int demofs_collect(struct address_space *mapping, struct page **pages, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		pages[i] = find_or_create_page(mapping, i, GFP_KERNEL); /* expect: alloc-fs-under-page-lock (pages[]) */
		if (!pages[i])
			break;
	}
	while (--i >= 0) {
		unlock_page(pages[i]);
		put_page(pages[i]);
	}
	return 0;
}

static void demofs_scope_left(struct folio *folio)
{
	unsigned int flags;
	void *first, *second;

	folio_lock(folio);
	flags = memalloc_nofs_save();
	first = kmalloc(64, GFP_KERNEL);
	memalloc_nofs_restore(flags);
	second = kmalloc(64, GFP_KERNEL); /* expect: alloc-fs-under-page-lock (folio) */
	folio_unlock(folio);
	kfree(first);
	kfree(second);
}
