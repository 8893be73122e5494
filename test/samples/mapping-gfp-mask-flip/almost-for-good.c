/* For as long as the device is attached, as loop does; put back elsewhere. */
static int stackfs_attach(struct stackfs_device *device, struct address_space *mapping)
{
	int err;

	device->old_mask = mapping_gfp_mask(mapping);
	mapping_set_gfp_mask(mapping, device->old_mask & ~(__GFP_IO | __GFP_FS));
	err = stackfs_start(device);
	if (err)
		mapping_set_gfp_mask(mapping, device->old_mask);
	return err;
}

static void stackfs_detach(struct stackfs_device *device, struct address_space *mapping)
{
	mapping_set_gfp_mask(mapping, device->old_mask);
}
