/* The error path unlocks, and so does what comes behind it: double-lock says so. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	int err = stackfs_reserve(page->index);

	if (err)
		unlock_page(page);
	else
		stackfs_store(page->index);
	unlock_page(page); /* expect: double-lock */
	return err;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
