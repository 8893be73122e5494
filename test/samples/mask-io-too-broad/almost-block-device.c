/* A block device is below the filesystem: it has to keep reclaim from starting I/O too. */
static int stackdev_attach(struct stackdev *device, struct address_space *mapping)
{
	device->mask = mapping_gfp_mask(mapping) & ~(__GFP_IO | __GFP_FS);
	return 0;
}
