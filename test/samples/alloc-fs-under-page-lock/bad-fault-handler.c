/* Page tables under the lock of the page that a fault returned: no mask is in sight. */

static vm_fault_t demofs_map_page(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	lock_page(page);
	if (page->mapping != vmf->vma->vm_file->f_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;
	}
	if (pmd_none(*vmf->pmd))
		vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm); /* expect: alloc-fs-under-page-lock (page) */
	unlock_page(page);
	return 0;
}
