static void stackfs_duplicate(struct page *page)
{
	struct page *copy = stackfs_spare();
	void *from, *to;

	from = kmap(page);
	to = kmap(copy); /* expect: kmap-where-local-will-do */
	copy_page(to, from);
	kunmap(copy);
	kunmap(page);
}
