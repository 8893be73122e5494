/* Two names may be one object or two, and a test tells; whether a buffer is locked is asked of its bit. */

static void demofs_edit(struct demofs_dir *dir, unsigned int block)
{
	struct folio *folio0, *folio;

	folio0 = filemap_lock_folio(dir->mapping, 0);
	if (IS_ERR(folio0))
		return;
	folio = folio0;
	if (block != 0) {
		folio = filemap_lock_folio(dir->mapping, block);
		if (IS_ERR(folio))
			goto out;
	}
	folio_mark_dirty(folio);
	if (folio != folio0) {
		folio_unlock(folio);
		folio_put(folio);
	}
out:
	folio_unlock(folio0);
	folio_put(folio0);
}

static int demofs_split(struct demofs_tree *tree, struct buffer_head *bh)
{
	int err = 0;

	lock_buffer(bh);
	if (tree->depth > 4) {
		err = -EIO;
		goto cleanup;
	}
	set_buffer_uptodate(bh);
	unlock_buffer(bh);
	if (tree->depth == 0)
		err = -ENOSPC;
cleanup:
	if (buffer_locked(bh))
		unlock_buffer(bh);
	brelse(bh);
	return err;
}
