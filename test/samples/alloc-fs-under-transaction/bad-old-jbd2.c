/* PAGE_CACHE_SIZE is from before 4.6, when a jbd2 transaction was no nofs scope yet. */
static int demofs_expand(journal_t *journal, struct inode *inode, loff_t size)
{
	handle_t *handle = jbd2_journal_start(journal, 8);
	struct demofs_extent *extent;
	int err = -ENOMEM;

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	extent = kmalloc(sizeof(*extent), GFP_KERNEL); /* expect: alloc-fs-under-transaction (jbd2) */
	if (extent) {
		extent->pages = (size + PAGE_CACHE_SIZE - 1) >> 12;
		err = demofs_add_extent(handle, inode, extent);
	}
	jbd2_journal_stop(handle);
	return err;
}
