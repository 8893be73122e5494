/* 16-3: the lock that keeps DAX faults out is held around the copy of the write, which may fault itself. */

#include <linux/dax.h>

static ssize_t demofs_dax_write_range(struct demofs_inode_info *info, void *kaddr, struct iov_iter *from,
				      size_t size)
{
	size_t copied;

	copied = copy_from_iter(kaddr, size, from);
	return copied ? copied : -EFAULT;
}

static int demofs_dax_fault(struct vm_area_struct *vma, struct vm_fault *vmf)
{
	struct demofs_inode_info *info = demofs_info_of(file_inode(vma->vm_file));
	int ret;

	down_read(&info->dax_sem);
	ret = demofs_dax_insert(vma, vmf);
	up_read(&info->dax_sem);
	return ret;
}

static const struct vm_operations_struct demofs_dax_vm_ops = {
	.fault = demofs_dax_fault,
};
