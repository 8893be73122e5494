/* Whoever is handed a handle runs inside its transaction; ext3's journal never was a nofs scope. */
static int demofs_store_label(handle_t *handle, struct inode *inode, const char *text, size_t size)
{
	struct label *label;
	int err;

	label = kmalloc(sizeof(*label) + size, GFP_KERNEL); /* expect: alloc-fs-under-transaction (jbd) */
	if (!label)
		return -ENOMEM;
	memcpy(label->text, text, size);
	err = ext3_journal_get_write_access(handle, demofs_label_bh(inode));
	if (!err)
		err = demofs_write_label(handle, inode, label);
	kfree(label);
	return err;
}

/* Handed on, the handle is still open. */
static int demofs_store_two(handle_t *handle, struct inode *inode)
{
	void *copy;
	int err = demofs_prepare_labels(handle, inode);

	if (err)
		return err;
	ext3_mark_inode_dirty(handle, inode);
	copy = kzalloc(64, GFP_KERNEL); /* expect: alloc-fs-under-transaction (jbd) */
	if (!copy)
		return -ENOMEM;
	demofs_write_copy(handle, inode, copy);
	kfree(copy);
	return 0;
}
