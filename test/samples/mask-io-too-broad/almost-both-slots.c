/* Stands in a table of another kind as well. */
static int stackdev_start(struct page *page, struct writeback_control *wbc)
{
	stackdev_queue(GFP_KERNEL & ~(__GFP_IO | __GFP_FS));
	return 0;
}

static struct block_device_operations stackdev_ops = {
	.open = stackdev_start,
};
