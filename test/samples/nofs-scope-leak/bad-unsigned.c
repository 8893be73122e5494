/* Flags that are kept in an unsigned, and never restored. */

static void *demofs_sums(struct demofs_fs *fs, size_t size)
{
	unsigned nofs_flag;
	void *sums;

	nofs_flag = memalloc_nofs_save();
	sums = kvzalloc(size, GFP_KERNEL);
	return sums; /* expect: nofs-scope-leak (nofs) */
}

static int demofs_reclaim(struct demofs_journal *j)
{
	unsigned flags = memalloc_noreclaim_save();

	clear_bit(DEMOFS_DIRTY, &j->flags);
	return demofs_flush(j); /* expect: nofs-scope-leak (noreclaim) */
}
