/* Faulted in, copied with page faults disabled. */

static int demofs_atomic(struct address_space *mapping, const char __user *buf, pgoff_t index, size_t count)
{
	struct page *page;
	char *kaddr;
	int left;

	while (count) {
		if (fault_in_readable(buf, PAGE_SIZE))
			return -EFAULT;
		page = grab_cache_page(mapping, index);
		if (!page)
			return -ENOMEM;
		kaddr = kmap_atomic(page);
		left = __copy_from_user_inatomic(kaddr, buf, PAGE_SIZE);
		kunmap_atomic(kaddr);
		if (!left) {
			set_page_dirty(page);
			buf += PAGE_SIZE;
			index++;
			count--;
		}
		unlock_page(page);
		put_page(page);
	}
	return 0;
}
