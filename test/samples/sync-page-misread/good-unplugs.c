static void stackfs_sync_page(struct page *page)
{
	struct address_space *mapping = page_mapping(page);

	if (mapping)
		blk_run_backing_dev(mapping->backing_dev_info, page);
}

static struct address_space_operations stackfs_aops = {
	.sync_page = stackfs_sync_page,
};
