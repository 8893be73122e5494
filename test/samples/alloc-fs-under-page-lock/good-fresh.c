/* Pages that nobody else can see. */

static struct page *demofs_fresh(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return NULL;
	lock_page(page);
	kfree(kmalloc(64, GFP_KERNEL));
	unlock_page(page);
	return page;
}

static struct folio *demofs_fresh_folio(struct demofs_copy *copy)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 0);

	if (!folio)
		return NULL;
	__folio_set_locked(folio);
	copy->table = kmalloc(64, GFP_KERNEL);
	folio_unlock(folio);
	return folio;
}
