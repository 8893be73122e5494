static void stackfs_sync_page(struct page *page)
{
	filemap_fdatawrite(stackfs_lower(page->mapping)); /* expect: sync-page-misread */
}

static struct address_space_operations stackfs_aops = {
	.sync_page = stackfs_sync_page,
};
