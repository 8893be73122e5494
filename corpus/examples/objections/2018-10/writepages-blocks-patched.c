/* The flusher collects pages in a bio and sleeps for the lock of the next one. */
static int demofs_collect(struct address_space *mapping, struct pagevec *pvec, struct bio *bio)
{
	int i;

	for (i = 0; i < pagevec_count(pvec); i++) {
		struct page *page = pvec->pages[i];

		if (!trylock_page(page)) {
			submit_bio(bio);
			bio = demofs_next_bio(mapping);
			lock_page(page);
		}
		if (page->mapping != mapping || !clear_page_dirty_for_io(page)) {
			unlock_page(page);
			continue;
		}
		set_page_writeback(page);
		bio_add_page(bio, page, PAGE_SIZE, 0);
		unlock_page(page);
	}
	submit_bio(bio);
	return 0;
}
