static void stackfs_sync_page(struct page *page)
{
	struct page *below = find_lock_page(stackfs_lower(page->mapping), page->index); /* expect: sync-page-misread */

	if (below) {
		unlock_page(below);
		page_cache_release(below);
	}
}

static struct address_space_operations stackfs_aops = {
	.sync_page = stackfs_sync_page,
};
