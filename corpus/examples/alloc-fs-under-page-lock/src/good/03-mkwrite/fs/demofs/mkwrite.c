// SPDX-License-Identifier: GPL-2.0
/*
 * The first write through a mapping: the page gets an undo record, so that
 * a snapshot can tell which pages have changed since it was taken.
 */
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include "demofs.h"

vm_fault_t demofs_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	vm_fault_t result = VM_FAULT_NOPAGE;
	struct page *page = vmf->page;
	struct demofs_undo *undo;
	unsigned int nofs_flags;

	lock_page(page);
	if (inode->i_mapping != page->mapping)
		goto out_unlock;
	nofs_flags = memalloc_nofs_save();
	undo = kmalloc(sizeof(*undo), GFP_KERNEL);
	memalloc_nofs_restore(nofs_flags);
	if (!undo) {
		result = VM_FAULT_OOM;
		goto out_unlock;
	}
	undo->index = page->index;
	list_add_tail(&undo->list, &DEMOFS_I(inode)->i_undo);
	set_page_dirty(page);
	return VM_FAULT_LOCKED;

out_unlock:
	unlock_page(page);
	return result;
}
