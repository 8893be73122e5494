/* Once, when the inode is new. */
static struct inode *stackfs_iget(struct super_block *sb, unsigned long number)
{
	struct inode *inode = iget_locked(sb, number);

	if (!inode)
		return NULL;
	if (inode->i_state & I_NEW) {
		mapping_set_gfp_mask(&inode->i_data, GFP_NOFS);
		unlock_new_inode(inode);
	}
	return inode;
}
