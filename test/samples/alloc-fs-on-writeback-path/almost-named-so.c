/* A name is no proof: this one prepares a file to be written by page. */
static int stackfs_writepage(struct stackfs_file *file, unsigned int count)
{
	file->notes = kcalloc(count, sizeof(*file->notes), GFP_KERNEL);
	unlock_page(file->page);
	return file->notes ? 0 : -ENOMEM;
}
