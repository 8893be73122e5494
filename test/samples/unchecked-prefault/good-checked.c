/* A helper that fails ends the loop. */

static int demofs_checked(void *to, const char __user *buf, unsigned bytes)
{
	int left;

	do {
		if (fault_in_readable(buf, bytes))
			return -EFAULT;
		pagefault_disable();
		left = __copy_from_user_inatomic(to, buf, bytes);
		pagefault_enable();
	} while (left);
	return 0;
}

static int demofs_kept(void *to, const char __user *buf, unsigned bytes)
{
	int status;
	int left;

	do {
		status = fault_in_pages_readable(buf, bytes);
		if (status < 0)
			break;
		pagefault_disable();
		left = __copy_from_user_inatomic(to, buf, bytes);
		pagefault_enable();
	} while (left);
	return status;
}
