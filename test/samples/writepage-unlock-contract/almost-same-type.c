/* A helper of the same type, which leaves the unlocking to the method. */
static int stackfs_write_locked(struct page *page, struct writeback_control *wbc)
{
	if (wbc->nonblocking)
		return 0;
	return stackfs_store(page->index);
}
