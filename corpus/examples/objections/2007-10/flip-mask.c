/* A stacked filesystem narrows the mask of the lower mapping for one allocation, and puts it back. */
static int layerfs_lower_dirty(struct address_space *lower, struct page *page)
{
	gfp_t saved = mapping_gfp_mask(lower);
	struct page *below;

	mapping_set_gfp_mask(lower, saved & ~__GFP_FS);
	below = grab_cache_page(lower, page->index);
	mapping_set_gfp_mask(lower, saved);
	if (!below)
		return -ENOMEM;
	copy_highpage(below, page);
	set_page_dirty(below);
	unlock_page(below);
	page_cache_release(below);
	return 0;
}
