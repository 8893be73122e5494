/* An iterator, and a copy that counts what it has copied. */

static size_t demofs_copy_iter(struct page *page, struct iov_iter *i, unsigned long offset, size_t bytes)
{
	size_t copied;

	copied = iov_iter_copy_from_user_atomic(page, i, offset, bytes);
	if (copied < bytes)
		copied = iov_iter_copy_from_user(page, i, offset, bytes); /* expect: sleeping-fallback-after-atomic-copy */
	return copied;
}
