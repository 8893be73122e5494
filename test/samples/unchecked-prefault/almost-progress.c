/* Something was copied each time round: the loop comes to an end. */

static ssize_t demofs_progress(struct folio *folio, struct iov_iter *i, size_t bytes)
{
	size_t copied;
	size_t done = 0;

	do {
		fault_in_iov_iter_readable(i, bytes);
		copied = copy_folio_from_iter_atomic(folio, done, bytes, i);
		if (copied == 0)
			return -EFAULT;
		done += copied;
	} while (copied < bytes);
	return done;
}
