/* Only what is above zero can be it, and that is not handed on. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct page *below = stackfs_below(page->index);
	int err = 0;

	if (!wbc->for_reclaim)
		err = below->mapping->a_ops->writepage(below, wbc);
	if (err > 0)
		err = 0;
	unlock_page(page);
	return err;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
