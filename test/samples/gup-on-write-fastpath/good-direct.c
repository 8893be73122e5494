/* Direct I/O has to pin what the device reads. */

static int demofs_direct(struct bio *bio, unsigned long address, size_t count)
{
	struct page *pages[16];
	int got;

	while (count) {
		got = get_user_pages_fast(address, min_t(size_t, count, 16), 0, pages);
		if (got <= 0)
			return -EFAULT;
		demofs_add_pages(bio, pages, got);
		address += got * PAGE_SIZE;
		count -= got;
	}
	return 0;
}
