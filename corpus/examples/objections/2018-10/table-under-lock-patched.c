/* A page table is allocated when the faulted page has been locked. */
static int demofs_install(struct vm_fault *vmf, struct page *page)
{
	pgtable_t table;

	table = pte_alloc_one(vmf->vma->vm_mm, vmf->address);
	if (!table)
		return VM_FAULT_OOM;
	smp_wmb();
	lock_page(page);
	demofs_deposit(vmf, table);
	unlock_page(page);
	return 0;
}
