static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct address_space *lower = stackfs_lower(page->mapping);

	stackfs_copy_down(lower, page->index, mapping_gfp_constraint(lower, ~__GFP_FS));
	unlock_page(page);
	return 0;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
