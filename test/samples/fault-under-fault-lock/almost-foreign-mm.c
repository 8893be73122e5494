/* The lock of another process: the fault is in this one's address space. */
static int demofs_peek(struct task_struct *task, unsigned long addr, void __user *to)
{
	struct mm_struct *mm = get_task_mm(task);
	int err = 0;

	if (!mm)
		return -ESRCH;
	mmap_read_lock(mm);
	if (copy_to_user(to, demofs_shadow_of(mm, addr), 8))
		err = -EFAULT;
	mmap_read_unlock(mm);
	mmput(mm);
	return err;
}

/* Pages are pinned under the lock. */
static long demofs_pin(unsigned long addr, int n, struct page **pages)
{
	long got;

	mmap_read_lock(current->mm);
	got = get_user_pages(addr, n, 0, pages);
	mmap_read_unlock(current->mm);
	return got;
}
