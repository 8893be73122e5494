/* 07a-6: the source is pinned page by page, and copied through the kernel's own mapping of it. */

#include <linux/pagemap.h>

static int demofs_write_through_pins(struct file *file, unsigned long address, size_t count, pgoff_t index)
{
	struct address_space *mapping = file->f_mapping;
	struct page *source;
	struct page *page;
	int status = 0;

	for (; count >= PAGE_SIZE && !status; count -= PAGE_SIZE, address += PAGE_SIZE) {
		page = find_lock_page(mapping, index++);
		if (!page)
			return -EIO;
		unlock_page(page);
		if (get_user_pages_fast(address, 1, 0, &source) != 1)
			return -EFAULT;
		lock_page(page);
		if (page->mapping == mapping) {
			copy_highpage(page, source);
			set_page_dirty(page);
		} else
			status = -EAGAIN;
		unlock_page(page);
		put_page(page);
		put_page(source);
	}
	return status;
}
