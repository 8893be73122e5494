/* The lower mapping's mask, less what would come back. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct address_space *lower = stackfs_lower(page->mapping);
	struct page *below;

	below = find_or_create_page(lower, page->index, mapping_gfp_mask(lower) & ~__GFP_FS);
	if (below) {
		copy_highpage(below, page);
		set_page_dirty(below);
		unlock_page(below);
		page_cache_release(below);
	}
	unlock_page(page);
	return 0;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
