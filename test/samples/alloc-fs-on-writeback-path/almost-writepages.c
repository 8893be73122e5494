/* At the start of ->writepages nothing is locked, and nothing waits for this task. */
static int stackfs_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct stackfs_batch *batch = kmalloc(sizeof(*batch), GFP_KERNEL);
	int err;

	if (!batch)
		return -ENOMEM;
	err = stackfs_write_batch(batch, wbc);
	kfree(batch);
	return err;
}

static struct address_space_operations stackfs_aops = {
	.writepages = stackfs_writepages,
};
