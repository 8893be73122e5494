/* Scopes of cleanup.h, assembler and copies of a container are not followed: nothing is said behind them. */

static int demofs_guarded(struct page *page, char *kaddr, const char __user *buf)
{
	int left = 0;

	lock_page(page);
	scoped_guard(pagefault)
		left = __copy_from_user(kaddr, buf, 100);
	unlock_page(page);
	return left;
}

static int demofs_guarded_block(struct page *page, char *kaddr, const char __user *buf)
{
	int left = 0;

	lock_page(page);
	scoped_guard(pagefault) {
		left = __copy_from_user(kaddr, buf, 100);
	}
	unlock_page(page);
	return left;
}

static int demofs_guard_to_the_end(struct page *page, char *kaddr, const char __user *buf)
{
	guard(pagefault)();
	lock_page(page);
	return __copy_from_user(kaddr, buf, 100);
}

static int demofs_asm(struct page *page, char *kaddr, const char __user *buf)
{
	lock_page(page);
	asm volatile("call demofs_unlock" : : "r" (page));
	return __copy_from_user(kaddr, buf, 100);
}

static int demofs_copied(struct demofs_ctx *ctx, char *kaddr, const char __user *buf)
{
	struct demofs_ctx copy = *ctx;

	lock_page(ctx->page);
	demofs_finish(&copy);
	return __copy_from_user(kaddr, buf, 100);
}
