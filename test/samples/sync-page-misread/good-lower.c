/* The lower mapping's queue is started, nothing else. */
static void stackfs_sync_page(struct page *page)
{
	blk_run_address_space(stackfs_lower(page->mapping));
}

static struct address_space_operations stackfs_aops = {
	.sync_page = stackfs_sync_page,
};
