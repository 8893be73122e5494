/* The plain case, in the names of three eras. */

static int demofs_note_24(struct demofs_info *info, struct page *page)
{
	struct demofs_note *note;

	lock_page(page);
	note = kmalloc(sizeof(struct demofs_note), GFP_KERNEL); /* expect: alloc-fs-under-page-lock (page) */
	if (note)
		list_add(&note->list, &info->notes);
	UnlockPage(page);
	return note ? 0 : -ENOMEM;
}

static int demofs_note_26(struct address_space *mapping, pgoff_t index)
{
	struct page *page = find_lock_page(mapping, index);
	void *copy;

	if (!page)
		return -ENOENT;
	copy = kmem_cache_alloc(demofs_cachep, GFP_KERNEL | __GFP_ZERO); /* expect: alloc-fs-under-page-lock (page) */
	if (!copy) {
		unlock_page(page);
		page_cache_release(page);
		return -ENOMEM;
	}
	unlock_page(page);
	page_cache_release(page);
	kmem_cache_free(demofs_cachep, copy);
	return 0;
}

static int demofs_note_now(struct folio *folio)
{
	void *copy;

	folio_lock(folio);
	copy = kvzalloc(folio_size(folio), GFP_KERNEL_ACCOUNT); /* expect: alloc-fs-under-page-lock (folio) */
	folio_unlock(folio);
	kvfree(copy);
	return 0;
}
