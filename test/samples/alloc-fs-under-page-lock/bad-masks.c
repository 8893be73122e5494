/* Masks that are computed and still allow the filesystem. */

static void demofs_masks(struct page *page, int wait)
{
	gfp_t gfp = GFP_KERNEL;
	gfp_t loud = GFP_KERNEL | __GFP_NOFAIL;
	void *p, *q, *r;

	lock_page(page);
	p = kmalloc(64, gfp); /* expect: alloc-fs-under-page-lock */
	gfp &= ~__GFP_HIGHMEM;
	q = kmalloc(64, gfp | __GFP_NOWARN); /* expect: alloc-fs-under-page-lock */
	r = kmalloc(64, loud & ~__GFP_IO); /* expect: alloc-fs-under-page-lock */
	gfp = GFP_NOFS;
	gfp |= __GFP_FS;
	if (wait)
		kfree(kmalloc(32, gfp)); /* expect: alloc-fs-under-page-lock */
	unlock_page(page);
	kfree(p);
	kfree(q);
	kfree(r);
}
