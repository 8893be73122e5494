/* Only where the file is a DAX one. */

static int demofs_prepare(struct inode *inode)
{
	if (!IS_DAX(inode))
		return 0;
	return invalidate_inode_pages2(inode->i_mapping); /* expect: invalidate-drops-dirty */
}
