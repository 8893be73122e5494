// SPDX-License-Identifier: GPL-2.0
/*
 * The first write through a mapping: the page gets an undo record, so that
 * a snapshot can tell which pages have changed since it was taken.
 */
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include "demofs.h"

vm_fault_t demofs_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	struct page *page = vmf->page;
	struct demofs_undo *undo;

	lock_page(page);
	if (page->mapping != inode->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;
	}
	undo = kmalloc(sizeof(*undo), GFP_KERNEL); /* fixed by 3: alloc-fs-under-page-lock */
	if (!undo) {
		unlock_page(page);
		return VM_FAULT_OOM;
	}
	undo->index = page->index;
	list_add_tail(&undo->list, &DEMOFS_I(inode)->i_undo);
	set_page_dirty(page);
	return VM_FAULT_LOCKED;
}
