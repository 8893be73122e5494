static int demofs_prepare(struct vm_fault *vmf)
{
	if (!pmd_none(*vmf->pmd))
		return 0;
	vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm, vmf->address);
	if (!vmf->prealloc_pte)
		return VM_FAULT_OOM;
	smp_mb();
	return 0;
}
