/* Only for a mask that has all of GFP_KERNEL. */
static int netfs_release_page(struct page *page, gfp_t gfp)
{
	if ((gfp & GFP_KERNEL) == GFP_KERNEL)
		nfs_wb_page(page->mapping->host, page);
	return !PagePrivate(page);
}
