/* A page is locked, and a page fault's locks are wanted. */
static int demofs_populate(struct page *page, struct mm_struct *mm)
{
	int present;

	lock_page(page);
	mmap_read_lock(mm); /* expect: lock-order-inversion (mmap lock) */
	present = mm->total_vm != 0;
	mmap_read_unlock(mm);
	unlock_page(page);
	return present;
}
