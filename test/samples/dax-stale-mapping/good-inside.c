/* The DAX layer invalidates what it has allocated. */

static ssize_t demofs_extent(struct inode *inode, loff_t pos, struct iomap *iomap, struct iov_iter *from, void *to)
{
	if (iomap->flags & IOMAP_F_NEW)
		invalidate_inode_pages2_range(inode->i_mapping, pos >> PAGE_SHIFT, pos >> PAGE_SHIFT);
	return dax_copy_from_iter(iomap->dax_dev, pos, to, PAGE_SIZE, from);
}
