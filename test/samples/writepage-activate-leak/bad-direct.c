/* The same without a variable. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct page *below = stackfs_below(page->index);

	unlock_page(page);
	if (wbc->for_reclaim)
		return 0;
	return below->mapping->a_ops->writepage(below, wbc); /* expect: writepage-activate-leak */
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
