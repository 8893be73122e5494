/* The name of the method taken at its word. */
static void layerfs_sync_page(struct page *page)
{
	struct address_space *lower = LAYERFS_LOWER(page->mapping->host)->i_mapping;
	struct page *below = find_lock_page(lower, page->index);

	if (!below)
		return;
	if (lower->a_ops->sync_page)
		lower->a_ops->sync_page(below);
	unlock_page(below);
	page_cache_release(below);
}

static struct address_space_operations layerfs_aops = {
	.sync_page = layerfs_sync_page,
};
