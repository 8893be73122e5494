/* What is done with the second page may sleep. */
static int stackfs_pack(struct page *to, struct page *from)
{
	char *target = kmap(to);
	char *source = kmap(from);
	int err;

	err = stackfs_compress(target, source);
	if (!err)
		memcpy(target, source, 16);
	kunmap(from);
	kunmap(to);
	return err;
}
