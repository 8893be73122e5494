/* 07a-1: the source may be a mapping of the page that is locked. */

#include <linux/pagemap.h>

static int demofs_write_one(struct address_space *mapping, pgoff_t index, unsigned long offset,
			    const char __user *buf, unsigned long bytes)
{
	struct page *page;
	unsigned long left;
	char *kaddr;

	if (fault_in_pages_readable(buf, bytes))
		return -EFAULT;
	page = grab_cache_page(mapping, index);
	if (!page)
		return -ENOMEM;
	pagefault_disable();
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr + offset, buf, bytes);
	kunmap_atomic(kaddr, KM_USER0);
	pagefault_enable();
	flush_dcache_page(page);
	if (!left)
		set_page_dirty(page);
	unlock_page(page);
	page_cache_release(page);
	return left ? -EAGAIN : 0;
}
