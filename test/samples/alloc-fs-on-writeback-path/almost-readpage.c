/* A page that is being read is not written back. */
static int stackfs_readpage(struct file *file, struct page *page)
{
	struct stackfs_note *note = kmalloc(sizeof(*note), GFP_KERNEL);

	if (note)
		stackfs_fetch(note, page->index);
	unlock_page(page);
	return 0;
}

static struct address_space_operations stackfs_aops = {
	.readpage = stackfs_readpage,
};
