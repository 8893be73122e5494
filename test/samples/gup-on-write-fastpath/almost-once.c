/* Once, before the pages of the file are taken. */

static int demofs_once(struct address_space *mapping, unsigned long address, pgoff_t index, struct page **source, int count)
{
	struct page *page;
	int i;

	if (get_user_pages_fast(address, count, 0, source) != count)
		return -EFAULT;
	for (i = 0; i < count; i++) {
		page = grab_cache_page(mapping, index + i);
		if (!page)
			return -ENOMEM;
		copy_highpage(page, source[i]);
		set_page_dirty(page);
		unlock_page(page);
		put_page(page);
	}
	return 0;
}
