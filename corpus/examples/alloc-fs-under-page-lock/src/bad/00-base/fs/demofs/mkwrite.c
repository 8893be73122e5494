// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include "demofs.h"

vm_fault_t demofs_page_mkwrite(struct vm_fault *vmf)
{
	file_update_time(vmf->vma->vm_file);
	return filemap_page_mkwrite(vmf);
}
