/* The bio goes out only where it is full. */

static void demofs_write_some(struct page **pages, int nr, struct bio *bio)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (!bio)
			bio = demofs_bio(i);
		lock_page(pages[i]); /* expect: block-with-pending-bio (pages[]) */
		set_page_writeback(pages[i]);
		bio_add_page(bio, pages[i], PAGE_SIZE, 0);
		unlock_page(pages[i]);
		if (i == DEMOFS_LAST) {
			submit_bio(bio);
			bio = NULL;
		}
	}
	if (bio)
		submit_bio(bio);
}
