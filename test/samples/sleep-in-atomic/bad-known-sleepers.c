/* What sleeps without saying so by its name: teardown, directory callbacks, huge pages. */

static void demofs_put_device(struct demofs_dev *dev)
{
	if (!atomic_dec_and_lock(&dev->active, &all_devs_lock))
		return;
	list_del(&dev->link);
	blk_cleanup_queue(dev->queue); /* expect: sleep-in-atomic (spinlock) */
	spin_unlock(&all_devs_lock);
}

static int demofs_list(struct page *page, void *buf, filldir_t filldir)
{
	struct demofs_dirent *de = kmap_atomic(page, KM_USER0);
	int full;

	full = filldir(buf, de->name, de->len, 0, de->ino, DT_REG); /* expect: sleep-in-atomic (preemption) */
	kunmap_atomic(de, KM_USER0);
	return full;
}

static void demofs_free_groups(struct demofs_info *info)
{
	struct rb_node *n;

	spin_lock(&info->group_lock);
	while ((n = rb_last(&info->groups)) != NULL) {
		rb_erase(n, &info->groups);
		btrfs_remove_free_space_cache(rb_entry(n, struct demofs_group, node)); /* expect: sleep-in-atomic (spinlock) */
	}
	spin_unlock(&info->group_lock);
}

/* Is called with the lock. */
static int demofs_copy_on_write(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long address)
{
	struct page *new_page;

	new_page = alloc_huge_page(vma, address, 0); /* expect: sleep-in-atomic (spinlock) */
	if (IS_ERR(new_page))
		return -PTR_ERR(new_page);
	spin_unlock(&mm->page_table_lock);
	__SetPageUptodate(new_page);
	spin_lock(&mm->page_table_lock);
	return 0;
}
