/* The iterator's helper says how much it could not fault in. */

static ssize_t demofs_counted(struct folio *folio, struct iov_iter *i, size_t bytes)
{
	size_t copied;

	for (;;) {
		if (fault_in_iov_iter_readable(i, bytes) == bytes)
			return -EFAULT;
		copied = copy_folio_from_iter_atomic(folio, 0, bytes, i);
		if (copied)
			return copied;
	}
}
