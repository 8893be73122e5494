/* The file goes away, with all that was dirty. */

static void demofs_evict(struct inode *inode)
{
	if (IS_DAX(inode))
		dax_break_mapping_final(inode);
	truncate_inode_pages_final(inode->i_mapping);
	clear_inode(inode);
}
