/* One mapping gets the mask of the other: nothing is put back. */
static void stackfs_inherit(struct address_space *upper, struct address_space *lower)
{
	gfp_t mask = mapping_gfp_mask(lower);

	mapping_set_gfp_mask(upper, mask & ~__GFP_FS);
}
