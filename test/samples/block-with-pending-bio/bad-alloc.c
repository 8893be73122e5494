/* The allocation can wait for the pages of the very bio that is being filled. */

static int demofs_write_meta(struct page *page, struct bio *bio)
{
	void *map;

	set_page_writeback(page);
	bio_add_page(bio, page, PAGE_SIZE, 0);
	unlock_page(page);
	map = kmalloc(128, GFP_KERNEL); /* expect: block-with-pending-bio */
	submit_bio(bio);
	kfree(map);
	return 0;
}
