/* The method takes it in a function that it calls. 2.6. */
static void oldfs_log(struct oldfs_sb *sbi, unsigned long index)
{
	down(&sbi->log_sem);
	oldfs_append(sbi->log_end, index);
	up(&sbi->log_sem);
}

static int oldfs_writepage(struct page *page, struct writeback_control *wbc)
{
	oldfs_log(OLDFS_SB(page->mapping->host->i_sb), page->index);
	unlock_page(page);
	return 0;
}

static int oldfs_grow_log(struct oldfs_sb *sbi)
{
	void *block;

	down(&sbi->log_sem);
	block = kmalloc(OLDFS_BLOCK, GFP_KERNEL); /* expect: reclaim-lock-inversion */
	if (block)
		oldfs_attach(block);
	up(&sbi->log_sem);
	return block ? 0 : -ENOMEM;
}

static struct address_space_operations oldfs_aops = {
	.writepage = oldfs_writepage,
};
