/* A function of the file allocates. */
static struct stackfs_note *stackfs_note(unsigned long index)
{
	struct stackfs_note *note = kzalloc(sizeof(*note), GFP_KERNEL);

	if (note)
		note->index = index;
	return note;
}

static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct stackfs_note *note = stackfs_note(page->index); /* expect: alloc-fs-on-writeback-path */

	unlock_page(page);
	return note ? 0 : -ENOMEM;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
