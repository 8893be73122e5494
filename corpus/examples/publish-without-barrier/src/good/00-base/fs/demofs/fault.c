// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>
#include "demofs.h"

static vm_fault_t demofs_before_fault(struct vm_fault *vmf)
{
	if (pmd_none(*vmf->pmd) && !vmf->prealloc_pte) {
		vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm, vmf->address); /* fixed by 1: publish-without-barrier */
		if (!vmf->prealloc_pte)
			return VM_FAULT_OOM;
	}
	return vmf->vma->vm_ops->fault(vmf);
}
