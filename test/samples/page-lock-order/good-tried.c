/* The page in front is only tried. */
static int demofs_join(struct page **pages)
{
	int joined = 0;

	lock_page(pages[1]);
	if (trylock_page(pages[0])) {
		joined = demofs_merge(pages[0]->index);
		unlock_page(pages[0]);
	}
	unlock_page(pages[1]);
	return joined;
}
