/* First version: a table for each fault, needed or not. */
static vm_fault_t demofs_call_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;

	if (!vmf->prealloc_pte) {
		vmf->prealloc_pte = pte_alloc_one(vma->vm_mm, vmf->address);
		if (!vmf->prealloc_pte)
			return VM_FAULT_OOM;
		smp_wmb();
	}
	return vma->vm_ops->fault(vmf);
}
