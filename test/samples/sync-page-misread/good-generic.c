static struct address_space_operations stackfs_aops = {
	.readpage = stackfs_readpage,
	.sync_page = block_sync_page,
};

static int stackfs_readpage(struct file *file, struct page *page)
{
	return stackfs_read(page);
}
