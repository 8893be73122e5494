/* Returns locked on purpose: always, by its result, by an argument. */

static void demofs_lock(struct demofs_sb_info *sbi)
{
	mutex_lock(&sbi->s_mutex);
	sbi->s_owner = current;
}

static void demofs_unlock(struct demofs_sb_info *sbi)
{
	sbi->s_owner = NULL;
	mutex_unlock(&sbi->s_mutex);
}

static int demofs_lock_alive(struct demofs_sb_info *sbi)
{
	mutex_lock(&sbi->s_mutex);
	if (sbi->s_dead) {
		mutex_unlock(&sbi->s_mutex);
		return -EIO;
	}
	return 0;
}

static bool demofs_lock_if_ready(struct demofs_sb_info *sbi)
{
	spin_lock(&sbi->s_lock);
	if (!sbi->s_ready) {
		spin_unlock(&sbi->s_lock);
		return false;
	}
	return true;
}

static struct page *demofs_get_page(struct address_space *mapping, unsigned long index)
{
	struct page *page = find_get_page(mapping, index);

	if (!page)
		return NULL;
	lock_page(page);
	if (page->mapping != mapping) {
		unlock_page(page);
		put_page(page);
		return NULL;
	}
	return page;
}

static int demofs_begin(struct demofs_sb_info *sbi, struct page *page, struct page **pagep)
{
	lock_page(page);
	if (!sbi->s_ready) {
		unlock_page(page);
		return -EIO;
	}
	*pagep = page;
	return 0;
}

static void demofs_start(struct demofs_sb_info *sbi, int keep)
{
	mutex_lock(&sbi->s_mutex);
	sbi->s_starts++;
	if (!keep)
		mutex_unlock(&sbi->s_mutex);
}

static int demofs_next_locked(struct demofs_sb_info *sbi, struct demofs_item **found)
{
	struct demofs_item *item = sbi->s_item;

	mutex_lock(&item->mutex);
	if (item->dead) {
		mutex_unlock(&item->mutex);
		*found = NULL;
		return 0;
	}
	*found = item;
	return 0;
}
