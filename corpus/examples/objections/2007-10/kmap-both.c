/* Two shared mappings for one copy that never sleeps. */
static void layerfs_copy_down(struct page *below, struct page *page)
{
	char *to = kmap(below);
	char *from = kmap(page);

	memcpy(to, from, PAGE_CACHE_SIZE);
	flush_dcache_page(below);
	kunmap(page);
	kunmap(below);
}
