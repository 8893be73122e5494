/* A huge page needs one in store. */
static int demofs_set_huge(struct vm_fault *vmf)
{
	if (arch_needs_pgtable_deposit() && !vmf->prealloc_pte) {
		vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm);
		if (!vmf->prealloc_pte)
			return VM_FAULT_OOM;
	}
	return demofs_map_huge(vmf);
}
