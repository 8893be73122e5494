/* Iterators: nothing copied, and back. */

static ssize_t demofs_perform(struct folio *folio, struct iov_iter *i, size_t bytes)
{
	size_t copied;

retry:
	fault_in_iov_iter_readable(i, bytes); /* expect: unchecked-prefault */
	copied = copy_folio_from_iter_atomic(folio, 0, bytes, i);
	if (!copied)
		goto retry;
	return copied;
}
