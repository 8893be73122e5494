/* The caller's transaction is open all the while. */
static int demofs_note_range(struct btrfs_trans_handle *trans, struct btrfs_root *root, unsigned long start)
{
	struct vm_area_struct *vma;
	int err = -EINVAL;

	mmap_read_lock(current->mm); /* expect: mmap-lock-under-transaction (btrfs) */
	vma = find_vma(current->mm, start);
	if (vma)
		err = demofs_log_range(trans, root, vma->vm_start);
	mmap_read_unlock(current->mm);
	return err;
}
