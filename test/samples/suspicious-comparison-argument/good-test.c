static int demofs_check(struct demofs_file *file)
{
	if (unlikely(file->length>limit))
		return -EFBIG;
	WARN_ON(file->used>limit);
	return 0;
}
