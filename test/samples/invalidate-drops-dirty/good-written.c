/* Everything is written back first. */

static int demofs_switch(struct inode *inode)
{
	int ret;

	if (!IS_DAX(inode))
		return 0;
	ret = filemap_write_and_wait(inode->i_mapping);
	return ret ? ret : invalidate_inode_pages2(inode->i_mapping);
}
