/* What the lower method answers goes up unchanged. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct page *below = stackfs_below(page->index);
	int err = -EIO;

	if (below && !wbc->for_reclaim)
		err = below->mapping->a_ops->writepage(below, wbc); /* expect: writepage-activate-leak */
	unlock_page(page);
	return err;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
