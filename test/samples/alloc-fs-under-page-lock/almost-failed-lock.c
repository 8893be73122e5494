/* On each of these paths the lock was not taken. */

static void demofs_busy_24(struct page *page)
{
	if (TryLockPage(page)) {
		kfree(kmalloc(16, GFP_KERNEL));
		return;
	}
	UnlockPage(page);
}

static int demofs_busy(struct page *page)
{
	if (!trylock_page(page)) {
		void *waiter = kmalloc(16, GFP_KERNEL);

		return demofs_queue(waiter);
	}
	unlock_page(page);
	return 0;
}

static int demofs_killed(struct folio *folio)
{
	int err = folio_lock_killable(folio);

	switch (err) {
	case 0:
		break;
	case -EINTR:
	default:
		kfree(kmalloc(16, GFP_KERNEL));
		return err;
	}
	folio_unlock(folio);
	return 0;
}

static int demofs_interrupted(struct folio *folio)
{
	int err = folio_lock_killable(folio);

	if (err == -EINTR) {
		kfree(kmalloc(16, GFP_KERNEL));
		return err;
	}
	if (err < 0)
		return err;
	folio_unlock(folio);
	return 0;
}

static int demofs_absent(struct address_space *mapping)
{
	struct folio *folio = filemap_lock_folio(mapping, 0);

	if (IS_ERR(folio)) {
		kfree(kmalloc(16, GFP_KERNEL));
		return PTR_ERR(folio);
	}
	folio_unlock(folio);
	return 0;
}

static int demofs_absent_null(struct address_space *mapping)
{
	struct page *page;

	page = find_lock_page(mapping, 0);
	if (page == ERR_PTR(-ENOENT) || page == NULL) {
		kfree(kmalloc(16, GFP_KERNEL));
		return -ENOENT;
	}
	unlock_page(page);
	return 0;
}

static void demofs_either(struct page *page, int wait)
{
	if (wait ? lock_page_killable(page) : !trylock_page(page)) {
		kfree(kmalloc(16, GFP_KERNEL));
		return;
	}
	unlock_page(page);
}

static void demofs_compared(struct page *page)
{
	if (trylock_page(page) != 1) {
		kfree(kmalloc(16, GFP_KERNEL));
		return;
	}
	unlock_page(page);
}

static void demofs_warned(struct page *page)
{
	if (WARN_ON_ONCE(!trylock_page(page))) {
		kfree(kmalloc(16, GFP_KERNEL));
		return;
	}
	unlock_page(page);
}

static void demofs_in_expression(struct page *page)
{
	int ok = ({ int got = trylock_page(page); got; });

	if (!ok)
		kfree(kmalloc(16, GFP_KERNEL));
	else
		unlock_page(page);
}
