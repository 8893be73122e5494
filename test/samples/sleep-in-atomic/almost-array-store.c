/* The array drops its own lock where it has to allocate. */

static int demofs_move_entry(struct xarray *entries, unsigned long to, struct demofs_entry *entry)
{
	void *old;

	xa_lock_irq(entries);
	__xa_erase(entries, entry->index);
	old = __xa_store(entries, to, entry, GFP_NOFS);
	xa_unlock_irq(entries);
	return xa_err(old);
}
