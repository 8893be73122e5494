/* A writepage that allocates as if nobody were waiting for it. */
static int layerfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct address_space *lower = LAYERFS_LOWER(page->mapping->host)->i_mapping;
	struct page *below;

	below = find_or_create_page(lower, page->index, GFP_NOFS);
	if (!below) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return 0;
	}
	copy_highpage(below, page);
	set_page_dirty(below);
	unlock_page(below);
	page_cache_release(below);
	unlock_page(page);
	return 0;
}

static struct address_space_operations layerfs_aops = {
	.writepage = layerfs_writepage,
};
