/* The copy behind a goto, in a condition, and in a switch. */

static long demofs_ioctl_page(struct page *page, unsigned int cmd, int __user *arg)
{
	long err = 0;
	int value;

	lock_page(page);
	switch (cmd) {
	case DEMOFS_GET:
		err = put_user(page_count(page), arg); /* expect: fault-under-page-lock (page) */
		break;
	case DEMOFS_SET:
		if (get_user(value, arg)) { /* expect: fault-under-page-lock (page) */
			err = -EFAULT;
			goto out;
		}
		break;
	default:
		unlock_page(page);
		return put_user(0, arg);
	}
out:
	unlock_page(page);
	return err;
}

static int demofs_and(struct page *page, void __user *to)
{
	int failed;

	lock_page(page);
	failed = PageUptodate(page) && clear_user(to, PAGE_SIZE); /* expect: fault-under-page-lock (page) */
	unlock_page(page);
	return failed;
}
