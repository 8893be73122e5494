static void demofs_visit(struct page **pages)
{
	lock_page(pages[1]);
	unlock_page(pages[1]);
	lock_page(pages[0]);
	unlock_page(pages[0]);
}
