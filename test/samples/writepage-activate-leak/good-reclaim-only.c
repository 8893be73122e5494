/* Its own answer, and to reclaim alone. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	if (wbc->for_reclaim)
		return AOP_WRITEPAGE_ACTIVATE;
	stackfs_store(page->index);
	unlock_page(page);
	return 0;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
