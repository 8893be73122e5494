/* ->write_end() is told what was copied and what was asked for: it deals with the rest. */

static int demofs_end(struct file *file, struct address_space *mapping, loff_t pos, struct iov_iter *i, unsigned bytes)
{
	struct page *page;
	void *fsdata;
	size_t copied;
	int status;

	status = mapping->a_ops->write_begin(file, mapping, pos, bytes, 0, &page, &fsdata);
	if (status)
		return status;
	copied = iov_iter_copy_from_user_atomic(page, i, pos & (PAGE_SIZE - 1), bytes);
	flush_dcache_page(page);
	return mapping->a_ops->write_end(file, mapping, pos, bytes, copied, page, fsdata);
}
