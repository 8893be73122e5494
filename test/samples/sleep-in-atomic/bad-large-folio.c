/* Between two pages of a large folio others may run. */
static int demofs_migrate(struct address_space *mapping, struct folio *to, struct folio *from)
{
	spin_lock(&mapping->i_private_lock);
	folio_mc_copy(to, from); /* expect: sleep-in-atomic (spinlock) */
	demofs_move_notes(to, from);
	spin_unlock(&mapping->i_private_lock);
	return 0;
}
