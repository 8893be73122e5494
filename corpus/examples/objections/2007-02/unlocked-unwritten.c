/* 07a-4: blocks are allocated for the page, the copy comes short, and the page is unlocked as it is. */

#include <linux/pagemap.h>

static int demofs_try_page(struct file *file, struct page *page, unsigned offset, const char __user *buf,
			   unsigned bytes)
{
	const struct address_space_operations *a_ops = page->mapping->a_ops;
	char *kaddr;
	int status;
	int left;

	lock_page(page);
	status = a_ops->prepare_write(file, page, offset, offset + bytes);
	if (status) {
		unlock_page(page);
		return status;
	}
	pagefault_disable();
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr + offset, buf, bytes);
	kunmap_atomic(kaddr, KM_USER0);
	pagefault_enable();
	if (left) {
		unlock_page(page);
		return -EAGAIN;
	}
	flush_dcache_page(page);
	status = a_ops->commit_write(file, page, offset, offset + bytes);
	unlock_page(page);
	return status;
}
