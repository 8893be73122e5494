/* Used at once, under the lock of the page table: nothing is kept for others to publish. */
static int demofs_populate(struct mm_struct *mm, pmd_t *pmd, unsigned long address)
{
	pgtable_t table = pte_alloc_one(mm, address);

	if (!table)
		return -ENOMEM;
	demofs_hang_in(mm, pmd, table);
	return 0;
}
