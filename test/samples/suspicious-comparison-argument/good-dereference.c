static int demofs_prepare(struct vm_fault *vmf)
{
	struct page *table = demofs_table(vmf->vma->vm_mm, vmf->address);

	return table ? 0 : VM_FAULT_OOM;
}
