/* The handle may be NULL; where it is known not to be, the transaction is open. */
static int demofs_note(struct btrfs_trans_handle *trans, struct btrfs_root *root, int nr)
{
	struct note *note;

	if (!trans) {
		note = kmalloc(sizeof(*note), GFP_KERNEL);
		return demofs_keep_note(root, note, nr);
	}
	note = kmalloc(sizeof(*note), GFP_KERNEL); /* expect: alloc-fs-under-transaction (btrfs) */
	return demofs_log_note(trans, root, note, nr);
}
