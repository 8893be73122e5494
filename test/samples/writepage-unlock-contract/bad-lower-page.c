/* The page below was unlocked by its own method. */
static int stackfs_push(struct page *below, struct writeback_control *wbc)
{
	int err;

	lock_page(below);
	err = below->mapping->a_ops->writepage(below, wbc);
	if (err)
		SetPageError(below);
	unlock_page(below); /* expect: writepage-unlock-contract */
	return 0;
}
