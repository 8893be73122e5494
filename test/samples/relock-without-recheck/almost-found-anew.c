/* The page is looked up again: the lookup compares. */

static int demofs_anew(struct address_space *mapping, struct page *page, struct demofs_work *work)
{
	unlock_page(page);
	put_page(page);
	demofs_wait_for(work);
	page = find_get_page(mapping, 0);
	if (!page)
		return -ENOENT;
	lock_page(page);
	set_page_dirty(page);
	unlock_page(page);
	return 0;
}
