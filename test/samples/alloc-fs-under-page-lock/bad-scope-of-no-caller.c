/* The scope is closed again when the helper is called; and another function may be called from anywhere. */

static int demofs_note_page(struct page *page)
{
	struct demofs_note *note;

	lock_page(page);
	note = kmalloc(sizeof(*note), GFP_KERNEL); /* expect: alloc-fs-under-page-lock */
	if (note)
		note->page = page;
	unlock_page(page);
	return note ? 0 : -ENOMEM;
}

int demofs_note_all(struct demofs_file *file)
{
	unsigned int flags = memalloc_nofs_save();
	int err = demofs_fill(file);

	memalloc_nofs_restore(flags);
	return err ? err : demofs_note_page(file->page);
}

int demofs_tag_page(struct page *page)
{
	struct demofs_tag *tag;

	lock_page(page);
	tag = kmalloc(sizeof(*tag), GFP_KERNEL); /* expect: alloc-fs-under-page-lock */
	unlock_page(page);
	return tag ? 0 : -ENOMEM;
}

int demofs_tag_all(struct demofs_file *file)
{
	unsigned int flags = memalloc_nofs_save();
	int err = demofs_tag_page(file->page);

	memalloc_nofs_restore(flags);
	return err;
}
