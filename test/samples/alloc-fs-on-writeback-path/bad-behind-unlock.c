/* Unlocked, and still called by reclaim. */
static int stackfs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct stackfs_request *request;

	set_page_writeback(page);
	unlock_page(page);
	request = kmem_cache_alloc(stackfs_requests, GFP_KERNEL); /* expect: alloc-fs-on-writeback-path */
	stackfs_send(request);
	return 0;
}

static struct address_space_operations stackfs_aops = {
	.writepage = stackfs_writepage,
};
