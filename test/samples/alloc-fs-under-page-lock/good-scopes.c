/* Scopes that take the filesystem out of every mask. */

static void demofs_nofs(struct folio *folio)
{
	unsigned int flags = memalloc_nofs_save();

	folio_lock(folio);
	kfree(kmalloc(64, GFP_KERNEL));
	folio_unlock(folio);
	memalloc_nofs_restore(flags);
}

static void demofs_noio_inside(struct page *page)
{
	unsigned int flags;

	lock_page(page);
	flags = memalloc_noio_save();
	kfree(kmalloc(64, GFP_KERNEL));
	memalloc_noio_restore(flags);
	unlock_page(page);
}

static void demofs_by_hand(struct page *page)
{
	lock_page(page);
	current->flags |= PF_MEMALLOC_NOFS;
	kfree(kmalloc(64, GFP_KERNEL));
	current->flags &= ~PF_MEMALLOC_NOFS;
	unlock_page(page);
}

/* The caller has opened the scope, as its end down here shows. */
static void demofs_ends_callers_scope(struct page *page, unsigned int flags)
{
	lock_page(page);
	kfree(kmalloc(64, GFP_KERNEL));
	unlock_page(page);
	memalloc_nofs_restore(flags);
}

static int demofs_in_transaction(journal_t *journal, struct page *page)
{
	handle_t *handle = jbd2_journal_start(journal, 8);

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	lock_page(page);
	kfree(kmalloc(64, GFP_KERNEL));
	unlock_page(page);
	return jbd2_journal_stop(handle);
}

/* One condition opens, uses and closes the scope. */
static void demofs_same_condition(struct page *page, int nofs)
{
	unsigned int flags;

	if (nofs)
		flags = memalloc_nofs_save();
	lock_page(page);
	if (nofs)
		kfree(kmalloc(64, GFP_KERNEL));
	unlock_page(page);
	if (nofs)
		memalloc_nofs_restore(flags);
}
