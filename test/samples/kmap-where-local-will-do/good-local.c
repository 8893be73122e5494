/* Since 5.11. */
static void stackfs_copy(struct page *to, struct page *from)
{
	char *target = kmap_local_page(to);
	char *source = kmap_local_page(from);

	memcpy(target, source, PAGE_SIZE);
	kunmap_local(source);
	kunmap_local(target);
}
