/* The allocation stands on the error path, which is reached by goto with the lock held. */

static int demofs_update(struct demofs_dir *dir, struct page *page)
{
	struct demofs_undo *undo;
	int err;

	lock_page(page);
	err = demofs_check_dir(dir->d_slots);
	if (err)
		goto fail;
	unlock_page(page);
	return 0;

fail:
	undo = kzalloc(sizeof(*undo), GFP_KERNEL); /* expect: alloc-fs-under-page-lock (page) */
	if (undo)
		undo->err = err;
	unlock_page(page);
	return err;
}
