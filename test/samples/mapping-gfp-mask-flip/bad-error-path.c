/* Put back on the way out. */
static int stackfs_read_ahead(struct address_space *lower, pgoff_t from, pgoff_t to)
{
	gfp_t old = mapping_gfp_mask(lower);
	int err = 0;

	mapping_set_gfp_mask(lower, old & ~__GFP_FS); /* expect: mapping-gfp-mask-flip */
	for (; from < to; from++) {
		err = stackfs_read_one(from);
		if (err)
			goto out;
	}
out:
	mapping_set_gfp_mask(lower, old);
	return err;
}
