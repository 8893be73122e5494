static int demofs_prepare(struct fault_env *fe)
{
	if (fe->prealloc_pte)
		return 0;
	fe->prealloc_pte = pte_alloc_one(fe->vma->vm_mm, fe->address); /* expect: eager-prealloc */
	if (!fe->prealloc_pte)
		return VM_FAULT_OOM;
	smp_wmb();
	return 0;
}
