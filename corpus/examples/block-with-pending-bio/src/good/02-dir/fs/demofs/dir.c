// SPDX-License-Identifier: GPL-2.0
/*
 * Directories of demofs. The blocks of a directory are cached and pinned for
 * as long as the directory is in use.
 */
#include <linux/bio.h>
#include <linux/fs.h>
#include <linux/pagemap.h>
#include "demofs.h"

/*
 * Write the dirty blocks of a directory, which follow each other on the disk
 * and fit into one bio. The caller has waited for the previous round.
 */
void demofs_dir_writepages(struct demofs_dir *dir)
{
	struct bio *bio = NULL;
	struct page *page;
	int i;

	for (i = 0; i < dir->d_ndirty; i++) {
		page = dir->d_dirty[i];
		/*
		 * The holder of the page may be waiting in direct reclaim for
		 * a page of this bio, so submit before sleeping on the lock.
		 */
		if (!trylock_page(page)) {
			if (bio) {
				submit_bio(bio);
				bio = NULL;
			}
			lock_page(page);
		}
		if (!bio) {
			bio = bio_alloc(GFP_NOFS, DEMOFS_DIR_PAGES);
			bio_set_dev(bio, dir->d_bdev);
			bio->bi_iter.bi_sector = demofs_dir_sector(page->index);
			bio->bi_end_io = demofs_end_write;
			bio->bi_opf = REQ_OP_WRITE | REQ_META;
		}
		clear_page_dirty_for_io(page);
		set_page_writeback(page);
		bio_add_page(bio, page, PAGE_SIZE, 0);
		unlock_page(page);
	}
	if (bio)
		submit_bio(bio);
	dir->d_ndirty = 0;
}
