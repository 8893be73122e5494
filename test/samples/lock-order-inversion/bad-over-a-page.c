/* A write holds the inode's lock while it takes page locks. */

static void demofs_shrink(struct folio *folio)
{
	struct inode *inode = folio->mapping->host;

	folio_lock(folio);
	inode_lock(inode); /* expect: lock-order-inversion (inode lock) */
	i_size_write(inode, folio_pos(folio));
	inode_unlock(inode);
	folio_unlock(folio);
}
