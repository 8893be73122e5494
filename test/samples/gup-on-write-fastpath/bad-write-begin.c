/* Through ->write_begin(). */

static int demofs_begin(struct file *file, struct address_space *mapping, unsigned long address, loff_t pos, size_t count)
{
	struct page *source;
	struct page *page;
	void *fsdata;
	int status;

	do {
		if (get_user_pages_fast(address, 1, 0, &source) != 1) /* expect: gup-on-write-fastpath */
			return -EFAULT;
		status = mapping->a_ops->write_begin(file, mapping, pos, PAGE_SIZE, 0, &page, &fsdata);
		if (!status) {
			copy_highpage(page, source);
			status = mapping->a_ops->write_end(file, mapping, pos, PAGE_SIZE, PAGE_SIZE, page, fsdata);
		}
		put_page(source);
		pos += PAGE_SIZE;
		address += PAGE_SIZE;
	} while (status > 0 && --count);
	return status;
}
