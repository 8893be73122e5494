/* Kept beside, through a longer path; before there was a gfp_t. */
static int stackfs_fill(struct stackfs_file *file, unsigned long index)
{
	unsigned int mask;
	struct page *page;

	mask = mapping_gfp_mask(file->lower->i_mapping);
	mapping_set_gfp_mask(file->lower->i_mapping, GFP_NOFS); /* expect: mapping-gfp-mask-flip */
	page = find_lock_page(file->lower->i_mapping, index);
	if (page) {
		unlock_page(page);
		page_cache_release(page);
	}
	mapping_set_gfp_mask(file->lower->i_mapping, mask);
	return page ? 0 : -ENOENT;
}
