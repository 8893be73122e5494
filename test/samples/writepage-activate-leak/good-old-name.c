/* 2.5 called it WRITEPAGE_ACTIVATE. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct page *below = stackfs_below(page->index);
	int err = 0;

	if (!wbc->for_reclaim)
		err = below->mapping->a_ops->writepage(below, wbc);
	if (err == WRITEPAGE_ACTIVATE)
		err = stackfs_take_back(below->index);
	unlock_page(page);
	return err;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
