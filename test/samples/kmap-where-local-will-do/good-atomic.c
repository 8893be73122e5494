/* Before 5.11, here with the slots of 2.6. */
static void stackfs_copy(struct page *to, struct page *from)
{
	char *target = kmap_atomic(to, KM_USER0);
	char *source = kmap_atomic(from, KM_USER1);

	memcpy(target, source, PAGE_CACHE_SIZE);
	kunmap_atomic(source, KM_USER1);
	kunmap_atomic(target, KM_USER0);
}
