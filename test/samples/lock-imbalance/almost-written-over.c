/* A pointer that a call stores anew names another lock then. */

static int demofs_walk(struct demofs_walk *walk)
{
	int err = 0;

	while (demofs_step(walk, &walk->ptl)) {
		if (walk->dead)
			err = -EIO;
	}
	return err;
}

static int demofs_map(struct mm_struct *mm, pmd_t *pmd, unsigned long addr)
{
	spinlock_t *ptl;
	pte_t *pte;

	pte = pte_offset_map_lock(mm, pmd, addr, &ptl);
	if (pte == NULL)
		return -EAGAIN;
	pte_unmap_unlock(pte, ptl);
	return 0;
}
