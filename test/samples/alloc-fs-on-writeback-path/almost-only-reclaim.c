/* Only reclaim writes shared memory out, and its own allocations do not reclaim. 5.10. */
static int shmem_writepage(struct page *page, struct writeback_control *wbc)
{
	struct demo_slot *slot = kmalloc(sizeof(*slot), GFP_KERNEL);

	if (!slot) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return 0;
	}
	return demo_swap_out(page, slot, wbc);
}
