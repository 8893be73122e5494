/* Meant as a comparison, and written as one. */
static void demofs_report(struct demofs_file *file)
{
	demofs_show(file->length > limit);
}
