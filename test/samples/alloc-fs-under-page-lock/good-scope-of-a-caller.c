/* Whoever calls the helper, at any distance, has entered a scope before. */

static int demofs_note_page(struct page *page)
{
	struct demofs_note *note;

	lock_page(page);
	note = kmalloc(sizeof(*note), GFP_KERNEL);
	if (note)
		note->page = page;
	unlock_page(page);
	return note ? 0 : -ENOMEM;
}

static int demofs_note_range(struct page **pages, int count)
{
	int i, err = 0;

	for (i = 0; i < count && !err; i++)
		err = demofs_note_page(pages[i]);
	return err;
}

int demofs_note_all(struct demofs_file *file)
{
	unsigned int flags = memalloc_nofs_save();
	int err = demofs_note_range(file->pages, file->count);

	memalloc_nofs_restore(flags);
	return err;
}
