/* Locks that are no page locks, and lock bits that are dropped under older names. */

static void demofs_mutex(struct inode *inode)
{
	mutex_lock(&inode->i_mutex);
	kfree(kmalloc(16, GFP_KERNEL));
	mutex_unlock(&inode->i_mutex);
}

static void demofs_buffer(struct buffer_head *bh)
{
	lock_buffer(bh);
	kfree(kmalloc(16, GFP_KERNEL));
	unlock_buffer(bh);
}

static void demofs_old_unlock(struct page *page)
{
	if (TestSetPageLocked(page))
		return;
	ClearPageLocked(page);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_read_done(struct folio *folio)
{
	folio_lock(folio);
	folio_end_read(folio, true);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_first_page(struct folio *folio)
{
	lock_page(&folio->page);
	folio_unlock(folio);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_head(struct page *page)
{
	lock_page(compound_head(page));
	unlock_page(page);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_swapped(struct page *page, struct page *other)
{
	lock_page(page);
	swap(page, other);
	unlock_page(other);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_never(struct page *page)
{
	lock_page(page);
	if (!PageUptodate(page))
		BUG();
	unlock_page(page);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_comma(struct page *page)
{
	void *p;

	lock_page(page), unlock_page(page);
	p = (kfree(NULL), kmalloc(16, GFP_KERNEL));
	kfree(p);
}
