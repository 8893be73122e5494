// SPDX-License-Identifier: GPL-2.0
/*
 * Background writeback of demofs. A file is one extent on the disk, so pages
 * that follow each other in the file go into one bio.
 */
#include <linux/bio.h>
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/pagevec.h>
#include <linux/writeback.h>
#include "demofs.h"

int demofs_writepages(struct address_space *mapping,
		      struct writeback_control *wbc)
{
	struct inode *inode = mapping->host;
	sector_t start = DEMOFS_I(inode)->i_start;
	struct bio *bio = NULL;
	struct pagevec pvec;
	pgoff_t index = 0;
	pgoff_t next = 0;
	int i, nr;

	/* Waiting for pages under writeback is left to the generic code. */
	if (wbc->sync_mode == WB_SYNC_ALL)
		return generic_writepages(mapping, wbc);

	pagevec_init(&pvec);
	while ((nr = pagevec_lookup_tag(&pvec, mapping, &index,
					PAGECACHE_TAG_DIRTY))) {
		for (i = 0; i < nr; i++) {
			struct page *page = pvec.pages[i];

			/*
			 * Whoever holds this page may be in direct reclaim,
			 * waiting for the pages in our bio: send them off
			 * before going to sleep.
			 */
			if (!trylock_page(page)) {
				if (bio) {
					submit_bio(bio);
					bio = NULL;
				}
				lock_page(page);
			}
			if (page->mapping != mapping || PageWriteback(page) ||
			    !clear_page_dirty_for_io(page)) {
				unlock_page(page);
				continue;
			}
			if (bio && page->index != next) {
				submit_bio(bio);
				bio = NULL;
			}
			if (!bio) {
				bio = bio_alloc(GFP_NOFS, BIO_MAX_PAGES);
				bio_set_dev(bio, inode->i_sb->s_bdev);
				bio->bi_iter.bi_sector = start +
					((sector_t)page->index << (PAGE_SHIFT - 9));
				bio->bi_end_io = demofs_end_write;
				bio->bi_opf = REQ_OP_WRITE;
			}
			next = page->index + 1;
			set_page_writeback(page);
			bio_add_page(bio, page, PAGE_SIZE, 0);
			unlock_page(page);
			if (bio->bi_vcnt == BIO_MAX_PAGES) {
				submit_bio(bio);
				bio = NULL;
			}
		}
		pagevec_release(&pvec);
		cond_resched();
	}
	if (bio)
		submit_bio(bio);
	return 0;
}
