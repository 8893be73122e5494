/* Out of memory, and the page is left as it came. */
static int layerfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct address_space *lower = LAYERFS_LOWER(page->mapping->host)->i_mapping;
	struct page *below;
	int err = 0;

	below = find_or_create_page(lower, page->index, GFP_NOFS);
	if (!below) {
		err = -ENOMEM;
		goto out;
	}
	copy_highpage(below, page);
	set_page_dirty(below);
	unlock_page(below);
	page_cache_release(below);
	SetPageUptodate(page);
out:
	unlock_page(page);
	return err;
}

static struct address_space_operations layerfs_aops = {
	.writepage = layerfs_writepage,
};
