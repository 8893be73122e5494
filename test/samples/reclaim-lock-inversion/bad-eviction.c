/* Reclaim evicts an inode and needs a lock of the whole filesystem. */
static int demofs_reserve(struct demofs_sb_info *sbi, u64 number)
{
	struct demofs_slot *slot;

	mutex_lock(&sbi->slot_mutex);
	slot = kzalloc(sizeof(*slot), GFP_KERNEL); /* expect: reclaim-lock-inversion */
	if (slot)
		slot->number = number;
	sbi->last = slot;
	mutex_unlock(&sbi->slot_mutex);
	return slot ? 0 : -ENOMEM;
}

static void demofs_evict_inode(struct inode *inode)
{
	struct demofs_sb_info *sbi = inode->i_sb->s_fs_info;

	mutex_lock(&sbi->slot_mutex);
	demofs_free_slot(inode->i_ino);
	mutex_unlock(&sbi->slot_mutex);
}

static const struct super_operations demofs_sops = {
	.evict_inode = demofs_evict_inode,
};
