static void demofs_report(struct demofs_file *file)
{
	demofs_show(file->length>0);
	demofs_show(file->length>DEMOFS_MAX);
}
