/* Only AOP_WRITEPAGE_ACTIVATE leaves the page below locked. */
static int stackfs_push(struct page *below, struct writeback_control *wbc)
{
	int err;

	lock_page(below);
	err = below->mapping->a_ops->writepage(below, wbc);
	if (err == AOP_WRITEPAGE_ACTIVATE) {
		unlock_page(below);
		err = 0;
	}
	return err;
}
