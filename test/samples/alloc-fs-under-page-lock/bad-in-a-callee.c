/* The allocation stands two calls away, in the same file. */

static struct demofs_node *demofs_new_node(gfp_t gfp)
{
	return kmalloc(sizeof(struct demofs_node), gfp);
}

static int demofs_note(struct demofs_tree *tree)
{
	tree->last = demofs_new_node(GFP_KERNEL);
	return tree->last ? 0 : -ENOMEM;
}

static int demofs_update(struct demofs_tree *tree, struct page *page)
{
	int err;

	lock_page(page);
	err = demofs_note(tree); /* expect: alloc-fs-under-page-lock (page) */
	unlock_page(page);
	return err;
}

/* A lock that a helper takes and hands back with its result. */
static struct page *demofs_get_locked(struct address_space *mapping)
{
	struct page *page = find_get_page(mapping, 0);

	if (!page)
		return NULL;
	lock_page(page);
	return page;
}

static int demofs_by_helper(struct address_space *mapping, struct demofs_tree *tree)
{
	struct page *page = demofs_get_locked(mapping);
	int err;

	if (!page)
		return -ENOENT;
	err = demofs_note(tree); /* expect: alloc-fs-under-page-lock (page) */
	unlock_page(page);
	return err;
}

/* Strangers get the page, but it is this function that unlocks it. */
static void demofs_shown_around(struct page *page)
{
	lock_page(page);
	demofs_look_at(page);
	kfree(kmalloc(16, GFP_KERNEL)); /* expect: alloc-fs-under-page-lock (page) */
	unlock_page(page);
}
