/* A read into user pages, which are then dirty. */

static int demofs_read(struct address_space *mapping, unsigned long address, pgoff_t index, int count)
{
	struct page *target;
	struct page *page;

	while (count--) {
		if (get_user_pages_fast(address, 1, FOLL_WRITE, &target) != 1)
			return -EFAULT;
		page = find_get_page(mapping, index++);
		if (page) {
			copy_highpage(target, page);
			put_page(page);
		}
		set_page_dirty_lock(target);
		put_page(target);
		address += PAGE_SIZE;
	}
	return 0;
}
