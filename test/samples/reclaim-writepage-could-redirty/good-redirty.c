/* For reclaim the data goes down, and is written when reclaim comes there. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct page *below = stackfs_below(page->index);
	int err;

	if (wbc->for_reclaim) {
		copy_highpage(below, page);
		set_page_dirty(below);
		unlock_page(below);
		unlock_page(page);
		return 0;
	}
	copy_highpage(below, page);
	err = below->mapping->a_ops->writepage(below, wbc);
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
