/* The page to lock was allocated here and nobody else can see it: its lock is free. */
int demofs_copy_out(struct bio *bio, struct page *page, struct address_space *mapping)
{
	struct page *copy;

	set_page_writeback(page);
	bio_add_page(bio, page, PAGE_SIZE, 0);
	copy = alloc_page(GFP_NOFS);
	if (!copy)
		return -ENOMEM;
	lock_page(copy);
	copy_highpage(copy, page);
	unlock_page(copy);
	submit_bio(bio);
	return 0;
}
