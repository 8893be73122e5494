/* Every way out goes through the unlock. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	int err = 0;

	if (!stackfs_is_mounted(wbc->sync_mode)) {
		err = -EIO;
		goto out;
	}
	stackfs_store(page->index);
out:
	unlock_page(page);
	return err;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
