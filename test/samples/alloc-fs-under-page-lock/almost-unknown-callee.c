/* Somebody whom nobody knows got the page, or what holds it. */

static void demofs_handed(struct page *page)
{
	lock_page(page);
	demofs_end_page(page, 0);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_container(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	lock_page(page);
	demofs_finish(vmf);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_stored(struct demofs_ctx *ctx, struct page *page)
{
	ctx->page = page;
	lock_page(page);
	demofs_run(ctx);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_vector(struct page **pages, int nr)
{
	struct page *page = pages[0];

	lock_page(page);
	demofs_unlock_range(pages, nr);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_other_view(struct page *page)
{
	struct folio *folio = page_folio(page);

	folio_lock(folio);
	demofs_put_locked(page);
	kfree(kmalloc(16, GFP_KERNEL));
}

static int demofs_method(struct address_space *mapping, struct page *page, struct writeback_control *wbc)
{
	int err;

	lock_page(page);
	err = mapping->a_ops->writepage(page, wbc);
	kfree(kmalloc(16, GFP_KERNEL));
	return err;
}

static void demofs_cast(struct page *page)
{
	lock_page(page);
	demofs_end_io((unsigned long)page);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_mask_changed(struct demofs_ctx *ctx, struct page *page)
{
	ctx->gfp = GFP_KERNEL;
	demofs_tune(ctx);
	lock_page(page);
	kfree(kmalloc(16, ctx->gfp));
	unlock_page(page);
}

static void demofs_mask_aliased(struct demofs_ctx *ctx, struct demofs_ctx *same, struct page *page)
{
	ctx->gfp = GFP_KERNEL;
	same->gfp = GFP_NOFS;
	lock_page(page);
	kfree(kmalloc(16, ctx->gfp));
	unlock_page(page);
}

static void demofs_first_of_list(struct demofs_ctx *ctx)
{
	struct page *page = list_entry(ctx->pages.next, struct page, lru);

	lock_page(page);
	demofs_unlock_all(ctx);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_found(struct address_space *mapping)
{
	struct page *page = find_lock_page(mapping, 0);

	if (!page)
		return;
	demofs_unlock_pages(mapping, 0, 1);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_loaded(struct demofs_ctx *ctx)
{
	struct page *page = demofs_next_page(ctx);

	lock_page(page);
	demofs_end_batch(ctx);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_on_a_list(struct demofs_ctx *ctx, struct page *page)
{
	lock_page(page);
	list_add_tail(&page->lru, &ctx->pages);
	demofs_unlock_all(ctx);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_in_an_array(struct demofs_ctx *ctx, struct page *page)
{
	lock_page(page);
	ctx->pages[ctx->nr++] = page;
	demofs_unlock_all(ctx);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_in_a_struct(struct page *page)
{
	struct demofs_arg arg = { .page = page, .flags = 1 };

	lock_page(page);
	demofs_run_arg(&arg);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_by_address(struct page *page)
{
	struct page **pagep = &page;

	lock_page(page);
	demofs_release(pagep);
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_through_pointer(struct page *page, struct page **pagep)
{
	*pagep = page;
	lock_page(page);
	demofs_release(pagep);
	kfree(kmalloc(16, GFP_KERNEL));
}

/* The read's completion unlocks the page. */
static void demofs_read(struct page *page, struct bio *bio)
{
	lock_page(page);
	bio_add_page(bio, page, PAGE_SIZE, 0);
	submit_bio(bio);
	kfree(kmalloc(16, GFP_KERNEL));
}
