static struct page *stackfs_grab(struct address_space *lower, pgoff_t index)
{
	gfp_t old = mapping_gfp_mask(lower);
	struct page *page;

	mapping_set_gfp_mask(lower, old & ~(__GFP_IO | __GFP_FS)); /* expect: mapping-gfp-mask-flip */
	page = grab_cache_page(lower, index);
	mapping_set_gfp_mask(lower, old);
	return page;
}
