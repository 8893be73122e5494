/* Not our volume any more: the page is left locked. Kernels of 2.6. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;

	if (!stackfs_is_mounted(inode->i_sb))
		return -EIO; /* expect: writepage-unlock-contract */
	stackfs_store(inode, page->index);
	unlock_page(page);
	return 0;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
