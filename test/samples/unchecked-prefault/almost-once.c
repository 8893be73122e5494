/* One try: a short copy is an error, or goes to the caller. */

static int demofs_once(void *to, const char __user *buf, unsigned bytes)
{
	int left;

	fault_in_readable(buf, bytes);
	pagefault_disable();
	left = __copy_from_user_inatomic(to, buf, bytes);
	pagefault_enable();
	return left ? -EFAULT : 0;
}
