/* The name stands alone elsewhere. */
static void demofs_report(struct demofs_file *file)
{
	demofs_show(file->length>limit);
	limit = file->length;
}
