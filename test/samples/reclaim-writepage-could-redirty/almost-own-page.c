/* Its own page, by the method of the same file: nothing is below. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	int err = stackfs_plain_ops.writepage(page, wbc);

	return err < 0 ? err : 0;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
