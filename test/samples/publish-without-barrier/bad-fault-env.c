/* 4.8 called it fault_env. */
static int demofs_prepare(struct fault_env *fe)
{
	if (!pmd_none(*fe->pmd))
		return 0;
	fe->prealloc_pte = pte_alloc_one(fe->vma->vm_mm, fe->address); /* expect: publish-without-barrier */
	return fe->prealloc_pte ? 0 : VM_FAULT_OOM;
}
