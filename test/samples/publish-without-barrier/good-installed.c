/* Since 5.16 the barrier is in pmd_install(). */
static int demofs_prepare(struct vm_fault *vmf)
{
	if (pmd_none(*vmf->pmd))
		vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm);
	if (vmf->prealloc_pte)
		pmd_install(vmf->vma->vm_mm, vmf->pmd, &vmf->prealloc_pte);
	return 0;
}
