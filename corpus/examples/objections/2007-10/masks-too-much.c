/* The mask of the allocation says more than a filesystem has to say. */
static int layerfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct address_space *lower = LAYERFS_LOWER(page->mapping->host)->i_mapping;
	struct page *below;
	int err = 0;

	below = find_or_create_page(lower, page->index, mapping_gfp_mask(lower) & ~(__GFP_IO | __GFP_FS));
	if (!below) {
		redirty_page_for_writepage(wbc, page);
		goto out;
	}
	copy_highpage(below, page);
	set_page_dirty(below);
	unlock_page(below);
	page_cache_release(below);
out:
	unlock_page(page);
	return err;
}

static struct address_space_operations layerfs_aops = {
	.writepage = layerfs_writepage,
};
