static unsigned long demofs_end_of(unsigned long start)
{
	unsigned long end = 0;
	struct vm_area_struct *vma;

	mmap_read_lock(current->mm);
	vma = find_vma(current->mm, start);
	if (vma)
		end = vma->vm_end;
	mmap_read_unlock(current->mm);
	return end;
}

static int demofs_record(struct super_block *sb, unsigned long start)
{
	struct reiserfs_transaction_handle th;
	int err = journal_begin(&th, sb, 4);

	if (err)
		return err;
	demofs_write_end(&th, demofs_end_of(start)); /* expect: mmap-lock-under-transaction (reiserfs) */
	return journal_end(&th, sb, 4);
}
