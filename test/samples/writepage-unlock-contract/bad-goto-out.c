/* The label stands behind the unlock. 2.4 spelt tables so. */
static int oldfs_writepage(struct page *page)
{
	struct buffer_head *bh;
	int err = 0;

	bh = oldfs_block_of(page->index);
	if (!bh) {
		err = -ENOMEM;
		goto out;
	}
	oldfs_fill(bh);
	UnlockPage(page);
out:
	return err; /* expect: writepage-unlock-contract */
}

static struct address_space_operations oldfs_aops = {
	writepage: oldfs_writepage,
};
