/* Page by page, in the names of 2.6. */

static int demofs_old(struct file *file, unsigned long address, pgoff_t index, size_t count)
{
	struct address_space *mapping = file->f_mapping;
	struct page *source;
	struct page *page;

	for (; count; count -= PAGE_CACHE_SIZE, address += PAGE_CACHE_SIZE) {
		if (get_user_pages(current, current->mm, address, 1, 0, 0, &source, NULL) != 1) /* expect: gup-on-write-fastpath */
			return -EFAULT;
		page = grab_cache_page(mapping, index++);
		if (!page)
			return -ENOMEM;
		copy_highpage(page, source);
		set_page_dirty(page);
		unlock_page(page);
		page_cache_release(page);
		page_cache_release(source);
	}
	return 0;
}
