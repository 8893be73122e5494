/* Try-locks that worked. */

static void demofs_try_24(struct page *page)
{
	if (TryLockPage(page))
		return;
	kfree(kmalloc(16, GFP_KERNEL)); /* expect: alloc-fs-under-page-lock (page) */
	UnlockPage(page);
}

static int demofs_try_folio(struct folio *folio)
{
	bool locked = folio_trylock(folio);

	if (locked) {
		kfree(kmalloc(16, GFP_KERNEL)); /* expect: alloc-fs-under-page-lock (folio) */
		folio_unlock(folio);
	}
	return locked;
}

static int demofs_try_killable(struct page *page)
{
	int err;

	err = lock_page_killable(page);
	if (unlikely(err))
		return err;
	kfree(kstrdup("demofs", GFP_KERNEL)); /* expect: alloc-fs-under-page-lock (page) */
	unlock_page(page);
	return 0;
}

static void demofs_try_negated(struct page *page)
{
	int failed = !trylock_page(page);

	if (!failed) {
		kfree(kmalloc(16, GFP_KERNEL)); /* expect: alloc-fs-under-page-lock (page) */
		unlock_page(page);
	}
}
