/* The lower mapping's own mask lets reclaim in. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct page *below = grab_cache_page(stackfs_lower(page->mapping), page->index); /* expect: alloc-fs-on-writeback-path */

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
