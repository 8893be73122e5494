/* Allocated before the lock, or with a mask that stays out of the filesystem. */

static int demofs_before(struct page *page)
{
	void *note = kmalloc(64, GFP_KERNEL);

	if (!note)
		return -ENOMEM;
	lock_page(page);
	unlock_page(page);
	kfree(note);
	return 0;
}

static void demofs_quiet_masks(struct folio *folio, struct page *old, gfp_t given)
{
	gfp_t none = 0;
	gfp_t gfp = GFP_KERNEL;

	folio_lock(folio);
	kfree(kmalloc(64, GFP_NOFS));
	kfree(kmalloc(64, GFP_NOIO | __GFP_ZERO));
	kfree(kmalloc(64, GFP_NOWAIT));
	kfree(kmalloc(64, GFP_ATOMIC));
	kfree(kmalloc(64, GFP_BUFFER));
	kfree(kmalloc(64, GFP_KERNEL & ~__GFP_FS));
	kfree(kmalloc(64, GFP_USER & ~(__GFP_IO | __GFP_FS)));
	kfree(kmalloc(64, __GFP_IO | __GFP_WAIT));
	kfree(kmalloc(64, given));
	kfree(kmalloc(64, given | __GFP_NOFAIL));
	kfree(kmalloc(64, none));
	kfree(kmalloc(64, mapping_gfp_mask(folio->mapping) & ~__GFP_FS));
	kfree(kmalloc(64, mapping_gfp_constraint(folio->mapping, GFP_KERNEL)));
	gfp &= ~__GFP_DIRECT_RECLAIM;
	kfree(kmalloc(64, gfp));
	gfp = GFP_KERNEL;
	gfp = gfp & ~__GFP_FS;
	kfree(kmalloc(64, gfp));
	folio_unlock(folio);
	kfree(kmalloc(64, GFP_KERNEL));
	lock_page(old);
	kfree(kmalloc(64, demofs_mask(old)));
	unlock_page(old);
}
