/* The array's lock is let go to allocate; the page's is not. */

static int demofs_move(struct address_space *to, struct folio *folio, pgoff_t index)
{
	void *old;

	folio_lock(folio);
	xa_lock_irq(&to->i_pages);
	old = __xa_store(&to->i_pages, index, folio, GFP_KERNEL); /* expect: alloc-fs-under-page-lock */
	xa_unlock_irq(&to->i_pages);
	folio_unlock(folio);
	return xa_err(old);
}
