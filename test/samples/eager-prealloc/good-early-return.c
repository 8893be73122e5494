static int demofs_prepare(struct vm_fault *vmf)
{
	if (!pmd_none(*vmf->pmd))
		return 0;
	if (!vmf->prealloc_pte)
		vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm);
	return vmf->prealloc_pte ? 0 : VM_FAULT_OOM;
}
