/* The fault code has allocated the page table before it locked the page: what installs it allocates nothing. */

static vm_fault_t demofs_finish(struct vm_fault *vmf)
{
	return finish_fault(vmf);
}

static vm_fault_t demofs_map_shared(struct vm_fault *vmf, struct demofs_share *share)
{
	vm_fault_t ret;

	lock_page(vmf->page);
	if (share->is_gone) {
		unlock_page(vmf->page);
		return VM_FAULT_SIGBUS;
	}
	ret = finish_fault(vmf);
	unlock_page(vmf->page);
	return ret;
}

static vm_fault_t demofs_map_private(struct vm_fault *vmf, struct folio *folio)
{
	vm_fault_t ret;

	folio_lock(folio);
	ret = demofs_finish(vmf);
	folio_unlock(folio);
	return ret;
}
