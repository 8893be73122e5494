/* In a scope, for all that is called. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	unsigned int flags = memalloc_nofs_save();
	struct stackfs_note *note = kmalloc(sizeof(*note), GFP_KERNEL);

	memalloc_nofs_restore(flags);
	if (note)
		stackfs_keep(note, page->index);
	unlock_page(page);
	return 0;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
