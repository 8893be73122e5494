/* A page writer of no filesystem, for the tests of inspect. */

static int demofs_writepage(struct page *page, struct writeback_control *wbc)
{
	struct demofs_ctx *ctx = wbc->private;

	lock_page(page);
	if (page->mapping != ctx->mapping) {
		unlock_page(page);
		return -EAGAIN;
	}
	set_page_writeback(page);
	unlock_page(page);
	bio_add_page(ctx->bio, page, PAGE_SIZE, 0);
	demofs_account(ctx);
	submit_bio(ctx->bio);
	return 0;
}

static const struct address_space_operations demofs_aops = {
	.writepage = demofs_writepage,
};
