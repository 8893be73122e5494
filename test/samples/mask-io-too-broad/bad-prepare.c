/* Any method of a mapping. 2.6 before write_begin. */
static int stackfs_prepare_write(struct file *file, struct page *page, unsigned from, unsigned to)
{
	gfp_t mask;

	mask = GFP_KERNEL & ~(__GFP_IO | __GFP_FS); /* expect: mask-io-too-broad */
	return stackfs_make_room(page->index, mask);
}

static struct address_space_operations stackfs_aops = {
	.prepare_write = stackfs_prepare_write,
};
