/* Before pagefault_disable(): the preemption count kept the first copy from faulting. */

static int demofs_copy_old(struct page *page, const char __user *buf, unsigned bytes)
{
	char *kaddr;
	int left;

	kaddr = kmap(page);
	inc_preempt_count();
	left = __copy_from_user(kaddr, buf, bytes);
	dec_preempt_count();
	if (left > 0)
		left = __copy_from_user(kaddr, buf, bytes); /* expect: sleeping-fallback-after-atomic-copy */
	kunmap(page);
	return left;
}
