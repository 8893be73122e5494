/* The answer is looked at for errors, and another one is returned. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct page *below = stackfs_below(page->index);
	int err = 0;

	if (!wbc->for_reclaim && below->mapping->a_ops->writepage(below, wbc) < 0)
		err = -EIO;
	unlock_page(page);
	return err;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
