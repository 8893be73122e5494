/* No fault takes these. */
struct demofs_info {
	struct mutex lock;
	struct rw_semaphore map_sem;
};

static vm_fault_t demofs_fault(struct vm_fault *vmf)
{
	struct demofs_info *info = vmf->vma->vm_private_data;
	vm_fault_t result;

	if (!down_read_trylock(&info->map_sem))
		return VM_FAULT_RETRY;
	mutex_lock(&info->lock);
	result = demofs_insert(info, vmf);
	mutex_unlock(&info->lock);
	up_read(&info->map_sem);
	return result;
}

static const struct vm_operations_struct demofs_vm_ops = {
	.fault = demofs_fault,
};

static int demofs_inode_write(struct inode *inode, void *to, const void __user *from, size_t size)
{
	int err;

	inode_lock(inode);
	err = copy_from_user(to, from, size) ? -EFAULT : 0;
	inode_unlock(inode);
	return err;
}

/* Of another structure, as far as is known: a name that every lock has. */
static int demofs_queue_write(struct queue *queue, void *to, const void __user *from, size_t size)
{
	int err;

	mutex_lock(&queue->lock);
	err = copy_from_user(to, from, size) ? -EFAULT : 0;
	mutex_unlock(&queue->lock);
	return err;
}

/* The handler only tries it, and the fault is done again. */
static int demofs_map_write(struct demofs_info *info, void *to, const void __user *from, size_t size)
{
	int err;

	down_write(&info->map_sem);
	err = copy_from_user(to, from, size) ? -EFAULT : 0;
	up_write(&info->map_sem);
	return err;
}
