/* The write is refused behind the mark. */

static int demofs_write_begin(struct address_space *mapping, loff_t pos, unsigned len, struct page **pagep)
{
	struct page *page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT, 0);
	int err;

	if (!page)
		return -ENOMEM;
	if (!PageUptodate(page)) {
		if (len != PAGE_SIZE) {
			err = demofs_read_page(page);
			if (err)
				goto out;
		}
		SetPageUptodate(page); /* expect: uptodate-before-data */
	}
	err = demofs_reserve_space(mapping->host, page);
	if (err)
		goto out;
	*pagep = page;
	return 0;
out:
	unlock_page(page);
	put_page(page);
	return err;
}
