/* Pages of the page cache: a dirty one is not dropped, the call fails. */

static int demofs_revalidate(struct inode *inode)
{
	return invalidate_inode_pages2(inode->i_mapping);
}
