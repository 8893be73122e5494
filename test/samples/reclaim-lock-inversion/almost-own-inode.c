/* Reclaim evicts inodes that nobody holds, and so never the one whose lock is held here. */
static int demofs_add(struct demofs_inode *di)
{
	mutex_lock(&di->map_mutex);
	di->extent = kmalloc(sizeof(*di->extent), GFP_KERNEL);
	mutex_unlock(&di->map_mutex);
	return di->extent ? 0 : -ENOMEM;
}

static void demofs_evict_inode(struct inode *inode)
{
	struct demofs_inode *di = DEMOFS_I(inode);

	mutex_lock(&di->map_mutex);
	demofs_drop_map(inode->i_ino);
	mutex_unlock(&di->map_mutex);
}

static const struct super_operations demofs_sops = {
	.evict_inode = demofs_evict_inode,
};
