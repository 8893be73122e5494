static struct page *stackfs_grab(struct address_space *lower, pgoff_t index)
{
	return find_or_create_page(lower, index, mapping_gfp_mask(lower) & ~__GFP_FS);
}
