/* Whatever wants the upper page has the lower one written. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct page *below = stackfs_below(page->index);
	int err;

	copy_highpage(below, page);
	err = below->mapping->a_ops->writepage(below, wbc); /* expect: reclaim-writepage-could-redirty */
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
