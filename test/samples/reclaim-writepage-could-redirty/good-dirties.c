/* Never writes itself. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct page *below = stackfs_below(page->index);

	copy_highpage(below, page);
	set_page_dirty(below);
	unlock_page(page);
	return 0;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
