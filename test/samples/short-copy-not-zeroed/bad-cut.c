/* Only what was copied is committed. */

static int demofs_cut(struct file *file, struct page *page, unsigned offset, struct iov_iter *i, unsigned bytes)
{
	const struct address_space_operations *a_ops = page->mapping->a_ops;
	size_t copied;
	int status;

	status = a_ops->prepare_write(file, page, offset, offset + bytes);
	if (status)
		return status;
	copied = iov_iter_copy_from_user_atomic(page, i, offset, bytes);
	flush_dcache_page(page);
	return a_ops->commit_write(file, page, offset, offset + copied); /* expect: short-copy-not-zeroed */
}
