/* A write passes no AOP_FLAG_NOFS, and nothing here adds it: the page is allocated with the mapping's whole mask. */
static int demofs_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned len,
			      unsigned flags, struct page **pagep, void **fsdata)
{
	struct inode *inode = mapping->host;
	pgoff_t index = pos >> PAGE_CACHE_SHIFT;
	struct page *page;
	handle_t *handle;
	int retries = 0;
	int ret;

retry:
	handle = ext4_journal_start(inode, 8);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	page = grab_cache_page_write_begin(mapping, index, flags); /* expect: alloc-fs-under-transaction (jbd2) */
	if (!page) {
		ext4_journal_stop(handle);
		return -ENOMEM;
	}
	*pagep = page;
	ret = demofs_map_page(handle, inode, page, pos, len);
	if (ret) {
		unlock_page(page);
		page_cache_release(page);
		ext4_journal_stop(handle);
		if (ret == -ENOSPC && retries++ < 3)
			goto retry;
	}
	return ret;
}

static const struct address_space_operations demofs_aops = {
	.write_begin = demofs_write_begin,
};
