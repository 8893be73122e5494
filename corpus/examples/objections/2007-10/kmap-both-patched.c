/* Two shared mappings for one copy that never sleeps. */
static void layerfs_copy_down(struct page *below, struct page *page)
{
	copy_highpage(below, page);
	flush_dcache_page(below);
}
