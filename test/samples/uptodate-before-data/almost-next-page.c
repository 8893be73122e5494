/* The page of that name is another one by then. */

static int demofs_each(struct page **pages, const char __user *buf, int count)
{
	struct page *page;
	char *kaddr;
	int left = 0;
	int i;

	for (i = 0; i < count && !left; i++) {
		page = pages[i];
		kaddr = kmap_atomic(page);
		left = __copy_from_user_inatomic(kaddr, buf, PAGE_SIZE);
		kunmap_atomic(kaddr);
	}
	if (left)
		pr_debug("short\n");
	for (i = 0; i < count; i++) {
		page = pages[i];
		SetPageUptodate(page);
	}
	return left;
}
