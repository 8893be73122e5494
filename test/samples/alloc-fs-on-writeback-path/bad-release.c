/* Reclaim without __GFP_FS may sleep, and must not come here. */
static int netfs_release_page(struct page *page, gfp_t gfp)
{
	if (gfp & __GFP_WAIT)
		nfs_wb_page(page->mapping->host, page); /* expect: alloc-fs-on-writeback-path */
	return !PagePrivate(page);
}
