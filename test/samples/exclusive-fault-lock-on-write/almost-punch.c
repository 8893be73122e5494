/* A hole is punched: there faults have to stay out. */

static int demofs_punch(struct inode *inode, loff_t start, loff_t end)
{
	int ret;

	inode_lock(inode);
	filemap_invalidate_lock(inode->i_mapping);
	truncate_pagecache_range(inode, start, end - 1);
	ret = demofs_free_range(inode, start, end);
	filemap_invalidate_unlock(inode->i_mapping);
	inode_unlock(inode);
	return ret;
}
