/* A stacked filesystem narrows the mask of the lower mapping for one allocation, and puts it back. */
static int layerfs_lower_dirty(struct address_space *lower, struct page *page)
{
	gfp_t mask = mapping_gfp_mask(lower) & ~__GFP_FS;
	struct page *below;

	below = find_or_create_page(lower, page->index, mask);
	if (!below)
		return -ENOMEM;
	copy_highpage(below, page);
	set_page_dirty(below);
	unlock_page(below);
	page_cache_release(below);
	return 0;
}
