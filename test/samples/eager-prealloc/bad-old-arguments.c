/* Before 5.0, with the barrier in place. */
static int demofs_before_fault(struct vm_fault *vmf)
{
	if (vmf->prealloc_pte == NULL) {
		vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm, vmf->address); /* expect: eager-prealloc */
		smp_wmb();
	}
	return vmf->prealloc_pte ? 0 : VM_FAULT_OOM;
}
