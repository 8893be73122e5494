/* What happened to the lock is not in sight. */

static int demofs_method(struct file *file, struct page *page, const char __user *buf)
{
	int err;

	lock_page(page);
	err = page->mapping->a_ops->prepare_write(file, page, 0, PAGE_SIZE);
	if (!err)
		err = copy_from_user(page_address(page), buf, PAGE_SIZE);
	return err;
}

static int demofs_unlocks_on_error(struct demofs_req *req, void __user *buf)
{
	lock_page(req->page);
	if (demofs_start(req))
		return put_user(0, (int __user *)buf);
	unlock_page(req->page);
	return 0;
}

static int demofs_loses_name(struct page *page, struct page *next, void __user *buf)
{
	lock_page(page);
	page = next;
	return clear_user(buf, PAGE_SIZE);
}

static int demofs_iterator(struct list_head *head, void __user *buf)
{
	struct page *page, *tmp;

	list_for_each_entry(page, head, lru)
		lock_page(page);
	list_for_each_entry_safe(page, tmp, head, lru) {
		list_del(&page->lru);
		unlock_page(page);
	}
	return clear_user(buf, PAGE_SIZE);
}

static int demofs_locked_by_caller(struct page *page, void __user *buf)
{
	int left = copy_to_user(buf, page_address(page), PAGE_SIZE);

	unlock_page(page);
	return left;
}
