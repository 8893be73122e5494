/* The mask is set once, for an inode that nobody has seen yet; the lower writepage needs none of ours. */
static struct inode *layerfs_new_inode(struct super_block *sb)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	mapping_set_gfp_mask(inode->i_mapping, GFP_NOFS);
	inode->i_mapping->a_ops = &layerfs_aops;
	return inode;
}

static int layerfs_push_down(struct page *below, struct writeback_control *wbc, int sync)
{
	int err;

	lock_page(below);
	wait_on_page_writeback(below);
	if (!clear_page_dirty_for_io(below)) {
		unlock_page(below);
		return 0;
	}
	err = below->mapping->a_ops->writepage(below, wbc);
	if (err == AOP_WRITEPAGE_ACTIVATE) {
		unlock_page(below);
		err = 0;
	}
	return sync ? err : 0;
}
