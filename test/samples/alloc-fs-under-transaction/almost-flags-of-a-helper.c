/* What the callers of a helper pass in its flags is out of sight: nothing is known of the mask. */
static struct page *demofs_grab(struct inode *inode, loff_t pos, unsigned flags)
{
	handle_t *handle = ext4_journal_start(inode, 8);
	struct page *page;

	if (IS_ERR(handle))
		return NULL;
	page = grab_cache_page_write_begin(inode->i_mapping, pos >> PAGE_CACHE_SHIFT, flags);
	if (!page)
		ext4_journal_stop(handle);
	return page;
}

/* On one way the flags are another function's. */
static int demofs_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned len,
			      unsigned flags, struct page **pagep, void **fsdata)
{
	struct inode *inode = mapping->host;
	struct page *page;
	handle_t *handle;

	if (demofs_is_inline(inode))
		flags = demofs_flags(flags);
	handle = ext4_journal_start(inode, 8);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	page = grab_cache_page_write_begin(mapping, pos >> PAGE_CACHE_SHIFT, flags);
	if (!page) {
		ext4_journal_stop(handle);
		return -ENOMEM;
	}
	*pagep = page;
	return 0;
}

static const struct address_space_operations demofs_aops = {
	.write_begin = demofs_write_begin,
};
