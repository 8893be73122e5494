/* A part, and the rest is cleared. */
static void stackfs_copy_part(struct page *to, struct page *from, unsigned int length)
{
	char *source = kmap(from);
	char *target = kmap(to); /* expect: kmap-where-local-will-do */

	memcpy(target, source, length);
	memset(target + length, 0, PAGE_SIZE - length);
	flush_dcache_page(to);
	kunmap(to);
	kunmap(from);
}
