/* The handler of the same file takes the lock. */
struct demofs_info {
	struct rw_semaphore map_sem;
	struct inode vfs_inode;
};

static vm_fault_t demofs_locked_fault(struct demofs_info *info, struct vm_fault *vmf)
{
	vm_fault_t result;

	down_read(&info->map_sem);
	result = demofs_insert(info, vmf);
	up_read(&info->map_sem);
	return result;
}

static vm_fault_t demofs_fault(struct vm_fault *vmf)
{
	return demofs_locked_fault(demofs_of(vmf->vma), vmf);
}

static const struct vm_operations_struct demofs_vm_ops = {
	.fault = demofs_fault,
};

static ssize_t demofs_write(struct demofs_info *di, const char __user *from, size_t size)
{
	ssize_t done = -EFAULT;

	down_write(&di->map_sem);
	if (!copy_from_user(demofs_place(di), from, size)) /* expect: fault-under-fault-lock (map_sem) */
		done = size;
	up_write(&di->map_sem);
	return done;
}
