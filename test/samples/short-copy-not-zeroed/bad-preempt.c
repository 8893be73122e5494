/* Before pagefault_disable(). */

static int demofs_fill_old(struct page *page, unsigned from, const char __user *buf, unsigned bytes)
{
	char *kaddr = kmap(page);
	int left;

	demofs_prepare_write(NULL, page, from, from + bytes);
	inc_preempt_count();
	left = __copy_from_user(kaddr + from, buf, bytes);
	dec_preempt_count();
	kunmap(page);
	if (left) {
		demofs_commit_write(NULL, page, 0, 0); /* expect: short-copy-not-zeroed */
		return -EAGAIN;
	}
	return demofs_commit_write(NULL, page, from, from + bytes);
}
