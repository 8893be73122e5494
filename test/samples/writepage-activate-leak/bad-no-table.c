/* No table in sight; the types say what it is. Errors are noted, and nothing else is. */
int stackfs_write(struct page *page, struct writeback_control *wbc)
{
	struct page *below = stackfs_below(page->index);
	int ret;

	ret = wbc->for_reclaim ? 0 : below->mapping->a_ops->writepage(below, wbc); /* expect: writepage-activate-leak */
	if (ret < 0)
		stackfs_note_error(ret);
	unlock_page(page);
	return ret;
}
