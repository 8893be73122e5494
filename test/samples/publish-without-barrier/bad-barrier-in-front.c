/* A barrier that comes before what it should order. */
static vm_fault_t demofs_before_fault(struct vm_fault *vmf)
{
	smp_wmb();
	if (pmd_none(*vmf->pmd))
		vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm, vmf->address); /* expect: publish-without-barrier */
	return vmf->prealloc_pte ? 0 : VM_FAULT_OOM;
}
