/* Calls within the file that allocate without filesystem reclaim, or not under the lock. */

static struct demofs_node *demofs_new_node(gfp_t gfp)
{
	return kmalloc(sizeof(struct demofs_node), gfp);
}

static int demofs_note(struct demofs_tree *tree, gfp_t gfp)
{
	tree->last = demofs_new_node(gfp);
	return tree->last ? 0 : -ENOMEM;
}

static int demofs_nofs(struct demofs_tree *tree, struct page *page)
{
	int err;

	lock_page(page);
	err = demofs_note(tree, GFP_NOFS);
	unlock_page(page);
	return err;
}

static int demofs_scope(struct demofs_tree *tree)
{
	unsigned int flags = memalloc_nofs_save();
	int err = demofs_note(tree, GFP_KERNEL);

	memalloc_nofs_restore(flags);
	return err;
}

static int demofs_in_scope(struct demofs_tree *tree, struct page *page)
{
	int err;

	lock_page(page);
	err = demofs_scope(tree);
	unlock_page(page);
	return err;
}

static void demofs_drop(struct page *page)
{
	unlock_page(page);
}

static int demofs_after(struct demofs_tree *tree, struct page *page)
{
	lock_page(page);
	demofs_drop(page);
	return demofs_note(tree, GFP_KERNEL);
}

static int demofs_maybe(struct demofs_tree *tree, int grow)
{
	if (!grow)
		return 0;
	return demofs_note(tree, GFP_KERNEL);
}

static int demofs_not_asked(struct demofs_tree *tree, struct page *page)
{
	int err;

	lock_page(page);
	err = demofs_maybe(tree, 0);
	unlock_page(page);
	return err;
}

/* A circle of calls comes to an end. */
static int demofs_odd(struct demofs_tree *tree, int depth);

static int demofs_even(struct demofs_tree *tree, int depth)
{
	return depth ? demofs_odd(tree, depth - 1) : demofs_note(tree, GFP_NOFS);
}

static int demofs_odd(struct demofs_tree *tree, int depth)
{
	return demofs_even(tree, depth);
}

static int demofs_circle(struct demofs_tree *tree, struct page *page)
{
	int err;

	lock_page(page);
	err = demofs_odd(tree, 4);
	unlock_page(page);
	return err;
}
