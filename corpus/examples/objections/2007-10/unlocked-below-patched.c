/* The lower writepage has its say about the lower page, and then this one has it again. */
static int layerfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct address_space *lower = LAYERFS_LOWER(page->mapping->host)->i_mapping;
	struct page *below = NULL;
	int err = 0;

	if (!wbc->for_reclaim)
		below = find_or_create_page(lower, page->index, GFP_NOFS);
	if (!below) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return 0;
	}
	copy_highpage(below, page);
	if (lower->a_ops->writepage(below, wbc))
		err = -EIO;
	page_cache_release(below);
	unlock_page(page);
	return err;
}

static struct address_space_operations layerfs_aops = {
	.writepage = layerfs_writepage,
};
