/* No page fault is kept out: the copy is complete, or the address is bad. */

static int demofs_sleeping(struct page *page, unsigned from, const char __user *buf, unsigned bytes)
{
	char *kaddr;
	int left;

	demofs_prepare_write(NULL, page, from, from + bytes);
	kaddr = kmap(page);
	left = __copy_from_user(kaddr + from, buf, bytes);
	kunmap(page);
	return demofs_commit_write(NULL, page, from, from + bytes - left);
}
