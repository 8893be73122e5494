/* Locked and unlocked under one condition, however it is spelt. */

static void demofs_flag(struct page *page, int lock)
{
	if (lock)
		lock_page(page);
	demofs_touch(page->index);
	if (lock)
		unlock_page(page);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_local_flag(struct page *page)
{
	int locked = 0;

	if (!PageUptodate(page)) {
		lock_page(page);
		locked = 1;
	}
	if (locked)
		unlock_page(page);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_call(struct inode *inode, struct page *page)
{
	if (demofs_is_inline(inode))
		lock_page(page);
	if (!demofs_is_inline(inode)) {
		kfree(kmalloc(16, GFP_KERNEL));
		return;
	}
	unlock_page(page);
}

static void demofs_order(struct page *page, int i, int n)
{
	if (i < n)
		lock_page(page);
	if (i >= n) {
		kfree(kmalloc(16, GFP_KERNEL));
		return;
	}
	unlock_page(page);
}

static void demofs_mode(struct page *page, int mode)
{
	if (mode == DEMOFS_LOCKED)
		lock_page(page);
	if (mode == DEMOFS_PLAIN)
		kfree(kmalloc(16, GFP_KERNEL));
	if (mode == DEMOFS_LOCKED)
		unlock_page(page);
}

static void demofs_lock_bit(struct page *page)
{
	lock_page(page);
	demofs_mark(page->index);
	if (PageLocked(page))
		unlock_page(page);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_null_check(struct page *page)
{
	lock_page(page);
	if (page) {
		unlock_page(page);
		put_page(page);
	}
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_unknown_condition(struct page *page, struct demofs_ctl *ctl)
{
	if (ctl->flags & DEMOFS_LOCK_FIRST)
		lock_page(page);
	demofs_step(ctl);
	if (ctl->flags & DEMOFS_LOCK_FIRST)
		unlock_page(page);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_switch(struct page *page, int mode)
{
	switch (mode) {
	case 1:
		lock_page(page);
		break;
	case 2:
	case 3:
		break;
	}
	switch (mode) {
	case 1:
		unlock_page(page);
		break;
	default:
		kfree(kmalloc(16, GFP_KERNEL));
	}
}
