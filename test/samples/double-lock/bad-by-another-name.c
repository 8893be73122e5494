/* The page that is locked has two names by the time somebody waits for its lock. */
int demo_touch(struct vm_area_struct *vma, struct demo *demo)
{
	struct page *locked = demo->page;
	struct page *page;

	lock_page(locked);
	page = locked;
	wait_on_page_locked(page); /* expect: double-lock (waits for) */
	unlock_page(locked);
	return 0;
}
