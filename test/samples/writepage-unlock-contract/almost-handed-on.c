/* A function of another file gets the page: it unlocks it, or its end of IO does. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	int err = stackfs_prepare(page->index);

	if (err) {
		stackfs_give_up(page, err);
		return err;
	}
	return stackfs_write_blocks(page, wbc);
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
