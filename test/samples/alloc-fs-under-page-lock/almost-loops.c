/* Locks that one loop takes and the next one gives back. */

static void demofs_all(struct page **pages, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		lock_page(pages[i]);
	for (i = 0; i < nr; i++)
		unlock_page(pages[i]);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_backwards(struct page **pages, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		lock_page(pages[i]);
	while (--i >= 0)
		demofs_finish_one(pages[i]);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_list(struct list_head *head)
{
	struct page *page;

	list_for_each_entry(page, head, lru)
		lock_page(page);
	list_for_each_entry(page, head, lru)
		unlock_page(page);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_once(struct page *page)
{
	do {
		lock_page(page);
		unlock_page(page);
	} while (0);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_retry(struct address_space *mapping)
{
	struct page *page;

repeat:
	page = find_lock_page(mapping, 0);
	if (page) {
		if (page->mapping != mapping) {
			unlock_page(page);
			put_page(page);
			goto repeat;
		}
		unlock_page(page);
		put_page(page);
	}
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_array(struct page **pages, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		lock_page(pages[i]);
		demofs_unlock_some(&pages[0]);
		kfree(kmalloc(16, GFP_KERNEL));
	}
}

static void demofs_countdown(struct page *page, int tries)
{
	if (tries--) {
		lock_page(page);
		if (!tries) {
			unlock_page(page);
			return;
		}
		unlock_page(page);
	}
	kfree(kmalloc(16, GFP_KERNEL));
}
