static int demofs_prepare(struct vm_fault *vmf)
{
	return pte_alloc(vmf->vma->vm_mm, vmf->pmd) ? VM_FAULT_OOM : 0;
}
