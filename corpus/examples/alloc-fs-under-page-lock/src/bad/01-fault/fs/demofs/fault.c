// SPDX-License-Identifier: GPL-2.0
/*
 * Read faults of demofs. A page that is cached and up to date is handed back
 * at once, without the readahead bookkeeping of the generic handler.
 */
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <asm/pgalloc.h>
#include "demofs.h"

static vm_fault_t demofs_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct address_space *mapping = vma->vm_file->f_mapping;
	struct page *page;

	page = find_get_page(mapping, vmf->pgoff);
	if (!page)
		return filemap_fault(vmf);

	lock_page(page);
	if (page->mapping != mapping || !PageUptodate(page)) {
		unlock_page(page);
		put_page(page);
		return filemap_fault(vmf);
	}

	/* Have the page table at hand, so that the caller only links it. */
	if (!vmf->prealloc_pte && pmd_none(*vmf->pmd)) {
		pgtable_t table = pte_alloc_one(vma->vm_mm); /* expect: alloc-fs-under-page-lock */

		if (!table) {
			unlock_page(page);
			put_page(page);
			return VM_FAULT_OOM;
		}
		smp_wmb(); /* the cleared table before the pointer to it */
		vmf->prealloc_pte = table;
	}

	vmf->page = page;
	return VM_FAULT_LOCKED;
}

const struct vm_operations_struct demofs_vm_ops = {
	.fault	= demofs_fault,
	.map_pages = filemap_map_pages,
};
