static void stackfs_copy(struct page *to, struct page *from)
{
	char *target = kmap(to);
	char *source = kmap(from); /* expect: kmap-where-local-will-do */

	memcpy(target, source, PAGE_CACHE_SIZE);
	kunmap(from);
	kunmap(to);
}
