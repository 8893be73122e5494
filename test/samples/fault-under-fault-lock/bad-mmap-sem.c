/* Before 5.8: the fault takes mmap_sem again, behind whoever waits to write. */
static int demofs_stat_pages(struct mm_struct *mm, const unsigned long __user *addrs, int __user *status, int n)
{
	unsigned long addr;
	int i, err = 0;

	down_read(&mm->mmap_sem);
	for (i = 0; i < n; i++) {
		err = -EFAULT;
		if (get_user(addr, addrs + i)) /* expect: fault-under-fault-lock (mmap lock) */
			break;
		err = demofs_node_of(find_vma(mm, addr), addr);
		put_user(err, status + i); /* expect: fault-under-fault-lock (mmap lock) */
	}
	up_read(&mm->mmap_sem);
	return err;
}
