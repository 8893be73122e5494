/* A part of it was copied; the rest was there before. */

static int demofs_part(struct folio *folio, struct iov_iter *i, size_t bytes)
{
	size_t copied = copy_folio_from_iter_atomic(folio, 0, bytes, i);

	if (copied == bytes)
		goto mark;
	if (!copied)
		return -EFAULT;
	if (copied < demofs_valid_from(folio))
		return -EAGAIN;
mark:
	folio_mark_uptodate(folio);
	return 0;
}
