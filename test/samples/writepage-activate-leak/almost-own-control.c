/* A control block of its own, which is not one of reclaim. */
static int stackfs_flush_one(struct page *below)
{
	struct writeback_control wbc = { .sync_mode = WB_SYNC_ALL, .nr_to_write = 1 };

	lock_page(below);
	return below->mapping->a_ops->writepage(below, &wbc);
}
