/* No table has it; the name alone says nothing. */
static void stackfs_sync_page(struct page *page)
{
	wait_on_page_writeback(page);
}
