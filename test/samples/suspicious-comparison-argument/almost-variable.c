/* A variable of that name: compared, in a narrow hand. */
static void demofs_report(struct demofs_file *file, unsigned int max)
{
	demofs_show(file->length>max);
}
