/* Waits for what its caller waits for. 2.5, where it returned an int. */
static int oldfs_sync_page(struct page *page)
{
	wait_on_page_writeback(page); /* expect: sync-page-misread */
	return 0;
}

static struct address_space_operations oldfs_aops = {
	sync_page: oldfs_sync_page,
};
