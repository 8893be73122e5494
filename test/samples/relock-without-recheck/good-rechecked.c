/* The mapping is compared, or the size. */

static int demofs_rechecked(struct address_space *mapping, struct page *page, struct demofs_work *work)
{
	unlock_page(page);
	demofs_wait_for(work);
	lock_page(page);
	if (page->mapping != mapping) {
		unlock_page(page);
		return -EAGAIN;
	}
	set_page_dirty(page);
	unlock_page(page);
	return 0;
}

static int demofs_sized(struct inode *inode, struct folio *folio, struct demofs_work *work)
{
	folio_unlock(folio);
	demofs_wait_for(work);
	folio_lock(folio);
	if (folio_pos(folio) < i_size_read(inode))
		folio_mark_dirty(folio);
	folio_unlock(folio);
	return 0;
}
