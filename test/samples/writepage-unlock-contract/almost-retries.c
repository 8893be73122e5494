/* Each way out unlocks once; one goes back and looks again. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	int err;

again:
	if (stackfs_is_truncated(page->index)) {
		unlock_page(page);
		return 0;
	}
	err = stackfs_store(page->index);
	if (err == -EAGAIN)
		goto again;
	unlock_page(page);
	return err;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
