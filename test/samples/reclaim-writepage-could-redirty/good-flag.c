/* The lower filesystem is asked first. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct page *below = stackfs_below(page->index);
	int err;

	copy_highpage(below, page);
	err = wbc->for_reclaim ? 0 : below->mapping->a_ops->writepage(below, wbc);
	if (err == AOP_WRITEPAGE_ACTIVATE) {
		unlock_page(below);
		err = 0;
	}
	unlock_page(page);
	return err;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
