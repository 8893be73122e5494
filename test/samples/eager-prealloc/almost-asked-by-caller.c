/* What its callers have asked is not in sight. */
static int demofs_fill_slot(struct vm_fault *vmf)
{
	vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm);
	return vmf->prealloc_pte ? 0 : VM_FAULT_OOM;
}
