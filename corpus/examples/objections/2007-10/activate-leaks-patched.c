/* Whatever the lower filesystem answers is the answer to msync(2) as well. */
static int layerfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct address_space *lower = LAYERFS_LOWER(page->mapping->host)->i_mapping;
	struct page *below = NULL;
	int err;

	if (!wbc->for_reclaim)
		below = find_or_create_page(lower, page->index, GFP_NOFS);
	if (!below) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return 0;
	}
	copy_highpage(below, page);
	err = lower->a_ops->writepage(below, wbc);
	if (err == AOP_WRITEPAGE_ACTIVATE)
		err = layerfs_take_back(below);
	page_cache_release(below);
	unlock_page(page);
	return err;
}

static struct address_space_operations layerfs_aops = {
	.writepage = layerfs_writepage,
};
