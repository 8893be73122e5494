/* The mark is taken back where the write is refused. */

static int demofs_write_begin(struct address_space *mapping, loff_t pos, unsigned len, struct page **pagep)
{
	struct page *page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT, 0);
	int err;

	if (!page)
		return -ENOMEM;
	SetPageUptodate(page);
	err = demofs_reserve_space(mapping->host, page);
	if (err) {
		ClearPageUptodate(page);
		unlock_page(page);
		put_page(page);
		return err;
	}
	*pagep = page;
	return 0;
}
