/* 07a-3: the page is marked up to date first, and gets its data then. */

#include <linux/pagemap.h>

static int demofs_mark_and_copy(struct address_space *mapping, pgoff_t index, const char __user *buf)
{
	struct page *page;
	char *kaddr;
	int left;

	page = grab_cache_page(mapping, index);
	if (!page)
		return -ENOMEM;
	SetPageUptodate(page);
	pagefault_disable();
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr, buf, PAGE_CACHE_SIZE);
	kunmap_atomic(kaddr, KM_USER0);
	pagefault_enable();
	if (!left)
		set_page_dirty(page);
	unlock_page(page);
	page_cache_release(page);
	return left ? -EAGAIN : 0;
}
