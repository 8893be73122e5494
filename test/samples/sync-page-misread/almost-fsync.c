/* This one is to sync. */
static int stackfs_fsync(struct file *file, struct dentry *dentry, int datasync)
{
	return filemap_fdatawrite(stackfs_lower(dentry->d_inode->i_mapping));
}

static struct file_operations stackfs_fops = {
	.fsync = stackfs_fsync,
};
