static void stackfs_copy(struct page *to, struct page *from)
{
	copy_highpage(to, from);
}
