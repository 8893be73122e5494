/* A loop whose condition is the short copy. */

static int demofs_loop(void *to, const char __user *buf, unsigned bytes)
{
	int left;

	do {
		fault_in_readable(buf, bytes); /* expect: unchecked-prefault */
		pagefault_disable();
		left = __copy_from_user_inatomic(to, buf, bytes);
		pagefault_enable();
	} while (left);
	return 0;
}
