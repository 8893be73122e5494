/* Reclaim does not call this one. */
static int stackfs_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct page *below = stackfs_next_below(mapping, wbc);
	int err;

	lock_page(below);
	err = below->mapping->a_ops->writepage(below, wbc);
	if (err == AOP_WRITEPAGE_ACTIVATE) {
		unlock_page(below);
		err = 0;
	}
	return err;
}

static struct address_space_operations stackfs_aops = {
	.writepages = stackfs_writepages,
};
