/* Folios, inode_lock(), rwsems that a signal ends. */

static int demofs_check_folio(struct inode *inode, struct folio *folio)
{
	folio_lock(folio);
	if (folio->mapping != inode->i_mapping)
		return -ESTALE; /* expect: lock-imbalance (page lock) */
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;
}

static long demofs_set_flags(struct inode *inode, unsigned int flags)
{
	inode_lock(inode);
	if (flags & ~DEMOFS_FLAGS)
		return -EOPNOTSUPP; /* expect: lock-imbalance (inode) */
	inode->i_flags = flags;
	inode_unlock(inode);
	return 0;
}
