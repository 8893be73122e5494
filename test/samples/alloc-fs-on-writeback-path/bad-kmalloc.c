/* A note for each page that is written. 2.6. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct stackfs_note *note = kmalloc(sizeof(*note), GFP_KERNEL); /* expect: alloc-fs-on-writeback-path */

	if (!note) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return 0;
	}
	stackfs_keep(note, page->index);
	unlock_page(page);
	return 0;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
