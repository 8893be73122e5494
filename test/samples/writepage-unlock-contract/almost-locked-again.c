/* The page below is locked anew behind its method. */
static int stackfs_push(struct page *below, struct writeback_control *wbc)
{
	int err;

	lock_page(below);
	err = below->mapping->a_ops->writepage(below, wbc);
	lock_page(below);
	ClearPageChecked(below);
	unlock_page(below);
	return err < 0 ? err : 0;
}
