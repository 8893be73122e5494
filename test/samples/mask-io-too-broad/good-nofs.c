static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	stackfs_copy_down(page->index, GFP_NOFS);
	unlock_page(page);
	return 0;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
