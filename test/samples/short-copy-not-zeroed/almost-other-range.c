/* A name that only looks like the result's. */

static int demofs_names(struct page *page, unsigned from, const char __user *buf, unsigned leftmost)
{
	char *kaddr;
	int left;

	demofs_prepare_write(NULL, page, 0, leftmost);
	kaddr = kmap_atomic(page, KM_USER0);
	left = __copy_from_user_inatomic(kaddr + from, buf, leftmost);
	kunmap_atomic(kaddr, KM_USER0);
	demofs_note(left);
	return demofs_commit_write(NULL, page, from, leftmost);
}
