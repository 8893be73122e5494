/* The one answer with which the page stays locked. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	if (wbc->for_reclaim && stackfs_is_busy(page->index))
		return AOP_WRITEPAGE_ACTIVATE;
	stackfs_store(page->index);
	unlock_page(page);
	return 0;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
