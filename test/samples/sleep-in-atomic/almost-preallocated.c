/* What allocates ahead does nothing while there is something left of what was allocated before the lock was taken. */

static int demofs_prealloc_refs(struct demofs_block *block)
{
	if (block->spare)
		return 0;
	block->spare = kmalloc(sizeof(*block->spare), GFP_KERNEL);
	return block->spare ? 0 : -ENOMEM;
}

static void demofs_refile(struct demofs_info *info, struct demofs_block *block)
{
	spin_lock(&info->lock);
	if (!demofs_prealloc_refs(block))
		list_move(&block->list, &info->dirty);
	spin_unlock(&info->lock);
}
