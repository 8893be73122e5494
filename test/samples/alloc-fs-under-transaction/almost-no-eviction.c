/* Evicting a jfs inode starts no transaction. */
static int demofs_set(struct inode *inode, int size)
{
	tid_t tid = txBegin(inode->i_sb, 0);
	void *buffer = kmalloc(size, GFP_KERNEL);
	int err = demofs_put(tid, inode, buffer);

	txEnd(tid);
	kfree(buffer);
	return err;
}

/* A spinlock is held: that the allocation may sleep is another rule's affair. */
static int demofs_count(struct btrfs_trans_handle *trans, struct demofs_map *map)
{
	void *slot = kmalloc(64, GFP_ATOMIC);

	return demofs_note(trans, map, slot);
}
