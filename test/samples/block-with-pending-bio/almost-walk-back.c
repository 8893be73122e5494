/* What the callback keeps is sent before the walk goes back. */
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

			lock_page(page);
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
		demofs_submit_pending(data);
		index = 0;
		goto again;
	}
	return err;
}

/* Each turn of the outer loop is another file. */
static int demofs_write_all(struct demofs_sb *sb, struct writeback_control *wbc, writepage_t writepage)
{
	struct address_space *mapping;
	struct page *page;
	pgoff_t index;

	while ((mapping = demofs_next(sb)) != NULL) {
		index = 0;
		while ((page = demofs_find_dirty(mapping, &index)) != NULL) {
			lock_page(page);
			(*writepage)(page, wbc, sb);
		}
	}
	return 0;
}
