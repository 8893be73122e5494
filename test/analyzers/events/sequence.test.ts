/** Small functions of all ages of the kernel, and the sequence of each as it prints. */

import { describe, expect, it } from 'vitest';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { printed } from './print.ts';

const knowledge = loadKnowledge();

describe('the sequence of', () => {
  it.each([
    [
      '2.4: a page is locked and unlocked',
      `int f(struct page *page)
{
	lock_page(page);
	UnlockPage(page);
	return 0;
}`,
      `1: acquire page-lock of page; release page-lock of page; return 0; end`,
    ],
    [
      '2.4: TryLockPage() returns the old bit',
      `int f(struct page *page)
{
	if (TryLockPage(page))
		return 1;
	UnlockPage(page);
	return 0;
}`,
      `1: acquire page-lock of page, no blocking, worked if zero; TryLockPage() ? 2 : 3
2: return 1; end
3: release page-lock of page; return 0; end`,
    ],
    [
      '2.4: an ops method in K&R style',
      `int f(page, len)
struct page *page;
int len;
{
	lock_page(page);
	return len;
}`,
      `1: acquire page-lock of page; return len; end`,
    ],
    [
      '2.4: user copy between kmap and kunmap',
      `int f(struct page *page, char *buf)
{
	char *kaddr = kmap(page);
	int left = copy_from_user(kaddr, buf, 10);

	kunmap(page);
	return left;
}`,
      `1: sleep always; fault copy; return left; end`,
    ],
    [
      '2.4: the page comes locked',
      `int f(struct address_space *mapping)
{
	struct page *page = find_lock_page(mapping, 0);

	if (!page)
		return -ENOMEM;
	UnlockPage(page);
	return 0;
}`,
      `1: acquire page-lock of page, worked if pointer; page ? 3 : 2
2: return -ENOMEM; end
3: release page-lock of page; return 0; end`,
    ],
    [
      '2.6: grab, prepare, commit',
      `int f(struct address_space *mapping, char *buf)
{
	struct page *page = grab_cache_page(mapping, 1);

	if (!page)
		return -ENOMEM;
	copy_from_user(page, buf, 1);
	unlock_page(page);
	return 0;
}`,
      `1: alloc reclaim+IO+FS, charged, if the mapping's mask allows filesystem reclaim, as it does unless mapping_set_gfp_mask() took that away; acquire page-lock of page, worked if pointer; page ? 3 : 2
2: return -ENOMEM; end
3: fault copy; release page-lock of page; return 0; end`,
    ],
    [
      '2.6: a journal handle',
      `int f(struct inode *inode)
{
	handle_t *handle = ext3_journal_start(inode, 8);

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	return ext3_journal_stop(handle);
}`,
      `1: acquire transaction(jbd) of handle, worked if pointer; IS_ERR(handle) ? 2 : 3
2: return; end
3: release transaction(jbd) of handle; return; end`,
    ],
    [
      '2.6: a handle on the stack',
      `int f(struct super_block *sb)
{
	struct reiserfs_transaction_handle th;
	int err = journal_begin(&th, sb, 10);

	if (err)
		return err;
	return journal_end(&th, sb, 10);
}`,
      `1: acquire transaction(reiserfs) of th, worked if zero; err ? 2 : 3
2: return err; end
3: release transaction(reiserfs) of th; return; end`,
    ],
    [
      '2.6: PF_FSTRANS by hand',
      `void f(void)
{
	current->flags |= PF_FSTRANS;
	kmalloc(1, GFP_KERNEL);
	current->flags &= ~PF_FSTRANS;
}`,
      `1: scopeEnter nofs; alloc reclaim+IO+FS; scopeLeave nofs; end`,
    ],
    [
      '2.6: masks are put together',
      `void f(gfp_t extra)
{
	gfp_t gfp = GFP_NOFS | __GFP_NOFAIL;

	kmalloc(1, gfp);
	kmalloc(1, GFP_KERNEL & ~__GFP_FS);
	kmalloc(1, extra | GFP_NOWAIT);
}`,
      `1: alloc gfp; alloc (reclaim+IO+FS) & (~(FS)); alloc (extra) | (no reclaim); end`,
    ],
    [
      '2.6: writeback and a bio',
      `void f(struct page *page, struct bio *bio)
{
	set_page_writeback(page);
	unlock_page(page);
	bio_add_page(bio, page, 4096, 0);
	submit_bio(WRITE, bio);
}`,
      `1: setWriteback page; release page-lock of page; bioAdd page to bio; bioSubmit bio; end`,
    ],
    [
      '2.6: waits for writeback',
      `void f(struct page *page)
{
	wait_on_page_writeback(page);
}`,
      `1: wait for writeback of page; end`,
    ],
    [
      '2.6: truncation is looked for behind the lock',
      `int f(struct page *page, struct address_space *mapping)
{
	lock_page(page);
	if (unlikely(page->mapping != mapping)) {
		unlock_page(page);
		return -EAGAIN;
	}
	return 0;
}`,
      `1: acquire page-lock of page; recheck page; !(mapping==page->mapping) ? 2 : 3
2: release page-lock of page; return -EAGAIN; end
3: return 0; end`,
    ],
    [
      '2.6: the page may be gone',
      `int f(struct page *page)
{
	if (!page->mapping)
		return 1;
	return page->mapping == NULL;
}`,
      `1: page->mapping ? 3 : 2
2: return 1; end
3: return; end`,
    ],
    [
      '2.6: gfp in a loop',
      `void f(int n)
{
	while (n--)
		kmalloc(n, GFP_ATOMIC);
}`,
      `1: ? ? 4 : 3
2: ? ? 4 : 3
3: end
4: alloc no reclaim; -> 2`,
    ],
    [
      '2.6: an unknown call gets the page',
      `void f(struct page *page)
{
	lock_page(page);
	demofs_end(page, 1);
}`,
      `1: acquire page-lock of page; call demofs_end, gets page; end`,
    ],
    [
      '2.6: a call through a table',
      `int f(struct page *page)
{
	return page->mapping->a_ops->writepage(page, 0);
}`,
      `1: sleep always; call through a pointer, gets page; return; end`,
    ],
    [
      '2.6: goto out',
      `int f(struct page *page, int bad)
{
	int err = -EIO;

	lock_page(page);
	if (bad)
		goto out;
	err = 0;
out:
	unlock_page(page);
	return err;
}`,
      `1: acquire page-lock of page; bad ? 3 : 2
2: -> 3
3: release page-lock of page; return err; end`,
    ],
    [
      '2.6: a switch that falls through',
      `void f(struct page *page, int how)
{
	switch (how) {
	case 1:
		lock_page(page);
	case 2:
		unlock_page(page);
	}
}`,
      `1: how==1 ? 2 : 5
2: acquire page-lock of page; -> 3
3: release page-lock of page; -> 4
4: end
5: how==2 ? 3 : 4`,
    ],
    [
      '2.6: BUG() ends the path',
      `void f(struct page *page)
{
	if (!page)
		BUG();
	lock_page(page);
}`,
      `1: page ? 3 : 2
2: stop; never on
3: acquire page-lock of page; end`,
    ],
    [
      '2.6: pages of a list',
      `void f(struct list_head *list)
{
	struct page *page;

	list_for_each_entry(page, list, lru)
		unlock_page(page);
}`,
      `1: -> 2 or 5
2: release page-lock of page; -> 3
3: -> 2 or 4
4: end
5: call loop that did not run, gets page; -> 4`,
    ],
    [
      '2.6: what cannot be read says so',
      `void f(struct page *page)
{
	lock_page(page);
	demofs x = y z;
	unlock_page(page);
}`,
      `1: acquire page-lock of page; unreadable; release page-lock of page; end`,
    ],
    [
      '2.6: both sides of #ifdef',
      `void f(struct page *page)
{
#ifdef CONFIG_DEMOFS
	lock_page(page);
#else
	wait_on_page_writeback(page);
#endif
}`,
      `1: #defined(CONFIG_DEMOFS) ? 2 : 4
2: acquire page-lock of page; -> 3
3: end
4: wait for writeback of page; -> 3`,
    ],
  ])('%s', (_, code, wanted) => {
    expect(printed(code, knowledge)).toBe(wanted);
  });
});
