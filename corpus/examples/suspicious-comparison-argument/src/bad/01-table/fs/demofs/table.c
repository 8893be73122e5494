// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>
#include "demofs.h"

static int demofs_prepare(struct vm_fault *vmf)
{
	struct page *table = demofs_table(vmf->vma->vm>mm, vmf->address); /* expect: suspicious-comparison-argument */

	return table ? 0 : VM_FAULT_OOM;
}
