/* Of a kernel before 4.14, as the flag says: there the page table was allocated with the page locked. */

static int demofs_finish(struct vm_fault *vmf)
{
	return finish_fault(vmf);
}

static int demofs_map_shared(struct vm_fault *vmf, struct demofs_share *share)
{
	int ret;

	lock_page(vmf->page);
	if (share->is_gone) {
		unlock_page(vmf->page);
		return VM_FAULT_SIGBUS;
	}
	ret = finish_fault(vmf); /* expect: alloc-fs-under-page-lock (page) */
	unlock_page(vmf->page);
	return ret;
}

static int demofs_map_private(struct vm_fault *vmf, struct page *page)
{
	int ret;

	lock_page(page);
	ret = demofs_finish(vmf); /* expect: alloc-fs-under-page-lock (page) */
	unlock_page(page);
	return ret;
}

static int demofs_begin(struct address_space *mapping, loff_t pos, struct page **page, void **data)
{
	return pagecache_write_begin(NULL, mapping, pos, 8, AOP_FLAG_UNINTERRUPTIBLE, page, data);
}
