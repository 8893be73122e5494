/* Round the loop only with what was complete; a short copy ends it. */

static int demofs_pieces(char *to, const char __user *buf, unsigned bytes)
{
	int left = 0;

	while (bytes) {
		fault_in_readable(buf, PAGE_SIZE);
		pagefault_disable();
		left = __copy_from_user_inatomic(to, buf, PAGE_SIZE);
		pagefault_enable();
		if (left)
			break;
		to += PAGE_SIZE;
		buf += PAGE_SIZE;
		bytes -= PAGE_SIZE;
	}
	return left;
}
