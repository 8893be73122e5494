/* Without the filesystem. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct stackfs_note *note = kmalloc(sizeof(*note), GFP_NOFS);

	if (note)
		stackfs_keep(note, page->index);
	else
		redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return 0;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
