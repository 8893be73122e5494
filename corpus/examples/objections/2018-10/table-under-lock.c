/* A page table is allocated when the faulted page has been locked. */
static int demofs_install(struct vm_fault *vmf, struct page *page)
{
	pgtable_t table;

	lock_page(page);
	table = pte_alloc_one(vmf->vma->vm_mm, vmf->address);
	if (!table) {
		unlock_page(page);
		return VM_FAULT_OOM;
	}
	demofs_deposit(vmf, table);
	unlock_page(page);
	return 0;
}
