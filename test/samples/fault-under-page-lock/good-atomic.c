/* The three ways to switch page faults off, and atomic context. */

static unsigned long demofs_disabled(struct page *page, const void __user *buf)
{
	unsigned long left;

	lock_page(page);
	pagefault_disable();
	left = __copy_from_user(page_address(page), buf, PAGE_SIZE);
	pagefault_enable();
	unlock_page(page);
	return left;
}

static unsigned long demofs_counted(struct page *page, const char *buf)
{
	unsigned long left;

	lock_page(page);
	inc_preempt_count();
	left = __copy_from_user(page_address(page), buf, PAGE_SIZE);
	dec_preempt_count();
	unlock_page(page);
	return left;
}

static unsigned long demofs_mapped(struct page *page, const char *buf)
{
	unsigned long left;
	char *kaddr;

	lock_page(page);
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user(kaddr, buf, PAGE_SIZE);
	kunmap_atomic(kaddr, KM_USER0);
	unlock_page(page);
	return left;
}

static unsigned long demofs_spinning(struct page *page, struct demofs_sb *sb, void __user *buf)
{
	unsigned long left;

	lock_page(page);
	spin_lock(&sb->lock);
	left = __copy_to_user(buf, sb->tag, 16); /* expect: sleep-in-atomic */
	spin_unlock(&sb->lock);
	unlock_page(page);
	return left;
}
