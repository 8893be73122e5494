static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct address_space *lower = stackfs_lower(page->mapping);
	gfp_t mask = mapping_gfp_mask(lower) & ~(__GFP_FS | __GFP_IO); /* expect: mask-io-too-broad */

	stackfs_copy_down(lower, page->index, mask);
	unlock_page(page);
	return 0;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
