/* One lock of an array. */

static bool demofs_join(struct demofs_req *req)
{
	struct demofs_entry *e = &demofs_entries[req->slot];

	spin_lock_bh(&demofs_locks[req->slot]);
	if (!e->valid)
		return false; /* expect: lock-imbalance (demofs_locks[]) */
	if (e->nonce != req->nonce) {
		spin_unlock_bh(&demofs_locks[req->slot]);
		return false;
	}
	e->valid = 0;
	spin_unlock_bh(&demofs_locks[req->slot]);
	return true;
}
