/* Behind the last page the walk goes back to the first, while the callback may keep pages in its bio. */
static int demofs_write_pages(struct address_space *mapping, struct writeback_control *wbc, writepage_t writepage,
			      void *data)
{
	struct pagevec pvec;
	pgoff_t index = mapping->writeback_index;
	int cycled = index == 0;
	int done = 0;
	int err = 0;
	int nr;
	int i;

	pagevec_init(&pvec);
again:
	while (!done) {
		nr = pagevec_lookup_tag(&pvec, mapping, &index, PAGECACHE_TAG_DIRTY);
		if (nr == 0)
			break;
		for (i = 0; i < nr; i++) {
			struct page *page = pvec.pages[i];

			lock_page(page); /* expect: block-with-pending-bio (lower page) */
			if (!clear_page_dirty_for_io(page)) {
				unlock_page(page);
				continue;
			}
			err = (*writepage)(page, wbc, data);
			if (err || --wbc->nr_to_write <= 0)
				done = 1;
		}
		pagevec_release(&pvec);
	}
	if (!cycled && !done) {
		cycled = 1;
		index = 0;
		goto again;
	}
	return err;
}
