/* The fast variant walks the tables without the lock, but it walks them. */

static int demofs_fast(struct address_space *mapping, unsigned long address, pgoff_t index, size_t count)
{
	struct page *source;
	struct page *page;

	while (count--) {
		if (get_user_pages_fast(address, 1, 0, &source) != 1) /* expect: gup-on-write-fastpath */
			return -EFAULT;
		page = find_or_create_page(mapping, index++, GFP_NOFS);
		if (page) {
			copy_highpage(page, source);
			set_page_dirty(page);
			unlock_page(page);
			put_page(page);
		}
		put_page(source);
		address += PAGE_SIZE;
	}
	return 0;
}
