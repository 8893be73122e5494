/* The page came locked and is being read: it is not dirty, and no writeback waits for its lock. */

static int demofs_fill(struct demofs_req *req)
{
	req->buffer = kmalloc(64, GFP_KERNEL);
	return req->buffer ? 0 : -ENOMEM;
}

static int demofs_read_folio(struct file *file, struct folio *folio)
{
	struct demofs_req *req = kzalloc(sizeof(*req), GFP_KERNEL);
	int err = -ENOMEM;

	if (req)
		err = demofs_fill(req);
	folio_unlock(folio);
	return err;
}

const struct address_space_operations demofs_aops = {
	.read_folio = demofs_read_folio,
};
