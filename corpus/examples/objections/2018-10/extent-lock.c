/* Another lock than the page's: held over an allocation in the tree, blocked for while a range is written. */
static struct demofs_state *demofs_split_state(struct demofs_tree *tree, u64 start)
{
	struct demofs_state *state;

	down_write(&tree->state_sem);
	state = kmem_cache_alloc(demofs_state_cache, GFP_KERNEL);
	if (state)
		demofs_insert(tree, state, start);
	up_write(&tree->state_sem);
	return state;
}

static int demofs_write_one(struct folio *folio, struct bio *bio, struct demofs_tree *tree)
{
	folio_start_writeback(folio);
	bio_add_folio(bio, folio, folio_size(folio), 0);
	down_read(&tree->state_sem);
	demofs_account(tree, folio_pos(folio));
	up_read(&tree->state_sem);
	return 0;
}

static int demofs_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct demofs_tree *tree = demofs_tree_of(mapping->host);
	struct bio *bio = demofs_first_bio(mapping);
	struct folio *folio = demofs_next(mapping, wbc);
	int err = 0;

	if (folio)
		err = demofs_write_one(folio, bio, tree);
	submit_bio(bio);
	return err;
}

static const struct address_space_operations demofs_aops = {
	.writepages = demofs_writepages,
};
