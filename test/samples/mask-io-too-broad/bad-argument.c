static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct page *below;

	below = find_or_create_page(stackfs_lower(page->mapping), page->index, GFP_USER & ~(__GFP_IO | __GFP_FS)); /* expect: mask-io-too-broad */
	if (below) {
		unlock_page(below);
		page_cache_release(below);
	}
	unlock_page(page);
	return 0;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
