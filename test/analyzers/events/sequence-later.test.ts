/** Small functions of the kernel from 4.x on, and what newer knowledge says of old ones. */

import { describe, expect, it } from 'vitest';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { printed } from './print.ts';

const knowledge = loadKnowledge();

describe('the sequence of', () => {
  it.each([
    [
      '4.x: a nofs scope',
      `void f(void)
{
	unsigned int flags = memalloc_nofs_save();

	kmalloc(1, GFP_KERNEL);
	memalloc_nofs_restore(flags);
}`,
      `1: scopeEnter nofs; alloc reclaim+IO+FS; scopeLeave nofs; end`,
    ],
    [
      '4.x: a transaction by pointer to pointer',
      `int f(struct xfs_mount *mp)
{
	struct xfs_trans *tp;
	int error = xfs_trans_alloc(mp, 0, 0, 0, 0, &tp);

	if (error)
		return error;
	return xfs_trans_commit(tp);
}`,
      `1: acquire transaction(xfs) of tp, worked if zero; error ? 2 : 3
2: return error; end
3: release transaction(xfs) of tp; return; end`,
    ],
    [
      '4.x: a lock that may be interrupted',
      `int f(struct page *page)
{
	if (lock_page_killable(page))
		return -EINTR;
	unlock_page(page);
	return 0;
}`,
      `1: acquire page-lock of page, worked if zero; lock_page_killable() ? 2 : 3
2: return -EINTR; end
3: release page-lock of page; return 0; end`,
    ],
    [
      '2.6: methods that take and drop the page lock',
      `int f(struct file *file, struct address_space *mapping, loff_t pos)
{
	struct page *page;
	void *fsdata;
	int err = mapping->a_ops->write_begin(file, mapping, pos, 1, 0, &page, &fsdata);

	if (err)
		return err;
	(*mapping->a_ops->releasepage)(page, 0);
	return mapping->a_ops->write_end(file, mapping, pos, 1, 1, page, fsdata);
}`,
      `1: sleep always; acquire page-lock of page, worked if zero; err ? 2 : 3
2: return err; end
3: sleep sometimes; sleep always; release page-lock of page; return; end`,
    ],
    [
      'locks behind accessors and macros',
      `void f(struct inode *inode, struct inode *other, int ctlr)
{
	struct demofs_inode_info *info = DEMOFS_I(inode);

	mutex_lock(&DEMOFS_I(inode)->tree_mutex);
	spin_lock(DEMO_LOCK(ctlr));
	down_read(&DEMOFS_SB(other->i_sb)->sem);
	mutex_unlock(&info->tree_mutex);
	demofs_touch(DEMOFS_I(inode));
	compute(LIMIT(ctlr));
}`,
      `1: acquire mutex of DEMOFS_I(inode)->tree_mutex; call DEMO_LOCK, gets ctlr; acquire spinlock of DEMO_LOCK(ctlr); scopeEnter atomic; acquire rwsem of DEMOFS_SB(other->i_sb)->sem, shared; release mutex of info->tree_mutex; call demofs_touch, gets inode; call LIMIT, gets ctlr; call compute, gets ctlr; end`,
    ],
    [
      'a method of the same name in another table',
      `int f(struct demofs_ops *ops, struct page *page)
{
	return ops->releasepage(page, 0);
}`,
      `1: call through a pointer, gets page; return; end`,
    ],
    [
      '2.6: a callback, known by its type',
      `int f(void *dirent, filldir_t fill)
{
	return fill(dirent, ".", 1, 0, 1, DT_DIR);
}`,
      `1: sleep always; fault copy, if the directory is read for getdents(), whose callback copies to user memory; return; end`,
    ],
    [
      '4.x: flags ask for the lock',
      `struct page *f(struct address_space *mapping)
{
	return pagecache_get_page(mapping, 0, FGP_LOCK, 0);
}`,
      `1: acquire page-lock, worked if pointer; return; end`,
    ],
    [
      '4.x: and do not ask for it',
      `struct page *f(struct address_space *mapping)
{
	return pagecache_get_page(mapping, 0, FGP_ACCESSED, 0);
}`,
      `1: return; end`,
    ],
    [
      '4.x: flags ask for a page, without the filesystem',
      `struct page *f(struct address_space *mapping)
{
	return pagecache_get_page(mapping, 0, FGP_CREAT | FGP_NOFS, GFP_KERNEL);
}`,
      `1: alloc (reclaim+IO+FS) & (reclaim+IO), charged; return; end`,
    ],
    [
      '2.6: flags in a variable may take the filesystem away',
      `struct page *f(struct address_space *mapping, unsigned flags)
{
	return grab_cache_page_write_begin(mapping, 0, flags);
}`,
      `1: alloc (reclaim+IO+FS) & (~(flags)), charged, if the mapping's mask allows filesystem reclaim, as it does unless mapping_set_gfp_mask() took that away; acquire page-lock, worked if pointer; return; end`,
    ],
    [
      '4.x: the iterator may be of the kernel',
      `size_t f(struct page *page, struct iov_iter *i)
{
	return copy_page_from_iter(page, 0, 1, i);
}`,
      `1: fault copy, if the iterator covers user memory, as it does in read() and write(); return; end`,
    ],
    [
      'folio: lock, recheck, unlock',
      `bool f(struct folio *folio, struct address_space *mapping)
{
	folio_lock(folio);
	if (folio_mapping(folio) != mapping) {
		folio_unlock(folio);
		return false;
	}
	return true;
}`,
      `1: acquire page-lock of folio; recheck folio; !(folio_mapping(folio)==mapping) ? 2 : 3
2: release page-lock of folio; return 0; end
3: return 1; end`,
    ],
    [
      'folio: the lock of its page is the same',
      `void f(struct page *page)
{
	folio_lock(page_folio(page));
	unlock_page(page);
}`,
      `1: acquire page-lock of page; release page-lock of page; end`,
    ],
    [
      'folio: a new one is published',
      `int f(struct address_space *mapping, struct folio *folio)
{
	return filemap_add_folio(mapping, folio, 0, GFP_KERNEL);
}`,
      `1: alloc reclaim+IO+FS, charged; publish folio; acquire page-lock of folio, no blocking, worked if zero; return; end`,
    ],
    [
      'folio: waits in a test',
      `int f(struct folio *folio)
{
	if (!folio_trylock(folio) || folio_wait_writeback_killable(folio))
		return 0;
	return 1;
}`,
      `1: acquire page-lock of folio, no blocking, worked if nonzero; folio_trylock() ? 2 : 3
2: wait for writeback of folio; folio_wait_writeback_killable(folio) ? 3 : 4
3: return 0; end
4: return 1; end`,
    ],
    [
      'folio: a conditional operand',
      `void f(struct folio *a, struct folio *b, int x)
{
	x ? folio_lock(a) : folio_lock(b);
}`,
      `1: x ? 2 : 4
2: acquire page-lock of a; -> 3
3: end
4: acquire page-lock of b; -> 3`,
    ],
  ])('%s', (_, code, wanted) => {
    expect(printed(code, knowledge)).toBe(wanted);
  });
});
