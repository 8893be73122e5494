/* The page is found locked first. */

static int demofs_lookup(struct address_space *mapping, struct demofs_work *work)
{
	struct page *page = find_lock_page(mapping, 0);

	if (!page)
		return -ENOENT;
	unlock_page(page);
	demofs_wait_for(work);
	lock_page(page); /* expect: relock-without-recheck */
	SetPageUptodate(page);
	unlock_page(page);
	put_page(page);
	return 0;
}
