/** Every kind of effect and cleanup scope, on functions of these tests, as their sequences print. */

import { describe, expect, it } from 'vitest';
import { mergeKnowledge } from '../../../analyzers/knowledge/load.ts';
import { printed } from './print.ts';

/** Every kind of effect, on functions of these tests. */
const OWN_KNOWLEDGE = mergeKnowledge([
  {
    file: 'own.yml',
    text: `
about: Functions of these tests.
lockClasses:
  - { id: mutex, family: mutex, title: a mutex, source: test }
  - { id: spinlock, family: spinlock, title: a spinlock, source: test }
gfpFlags:
  - { names: [GFP_KERNEL], reclaim: "yes", io: "yes", fs: "yes" }
apis:
  - { names: [mutex_lock], effects: [{ acquire: mutex, object: 1 }], source: test }
  - { names: [mutex_unlock], effects: [{ release: mutex, object: 1 }], source: test }
  - { names: [spin_lock], effects: [{ enterScope: atomic }, { acquire: spinlock, object: 1 }], source: test }
  - { names: [spin_unlock], effects: [{ release: spinlock, object: 1 }, { leaveScope: atomic }], source: test }
  - { names: [kmalloc], effects: [{ alloc: 2 }], source: test }
  - { names: [kfree], source: test }
  - { names: [zero_user], effects: [{ zero: 1 }], source: test }
  - { names: [SetPageUptodate], effects: [{ setUptodate: 1 }], source: test }
  - { names: [set_page_dirty], effects: [{ dirty: 1 }], source: test }
  - { names: [invalidate_mapping], effects: [{ invalidate: 1, extent: whole }], source: test }
  - { names: [invalidate_range], effects: [{ invalidate: 1, extent: range }], source: test }
  - { names: [do_install], effects: [{ mapInstall: 2 }], source: test }
  - { names: [wait_commit], effects: [{ wait: commit }], source: test }
  - { names: [wait_on_page_locked], effects: [{ wait: page-lock, object: 1 }], source: test }
  - { names: [copy_inatomic], effects: [{ copy: atomic }], source: test }
guards:
  - { names: [mutex], acquire: mutex_lock, release: mutex_unlock, source: test }
  - { names: [spinlock], acquire: spin_lock, release: spin_unlock, source: test }
`,
  },
]);

describe('with knowledge of its own, the sequence of', () => {
  it.each([
    [
      'guard() is held to the end of its block',
      `int f(struct demofs *fs)
{
	guard(mutex)(&fs->lock);
	kmalloc(1, GFP_KERNEL);
	return 0;
}`,
      `1: acquire mutex of fs->lock; alloc reclaim+IO+FS; release mutex of fs->lock; return 0; end`,
    ],
    [
      'guard() ends at each return, the last one first',
      `int f(struct demofs *fs, int x)
{
	guard(mutex)(&fs->lock);
	if (x)
		return -EIO;
	guard(spinlock)(&fs->list_lock);
	return 0;
}`,
      `1: acquire mutex of fs->lock; x ? 2 : 3
2: release mutex of fs->lock; return -EIO; end
3: scopeEnter atomic; acquire spinlock of fs->list_lock; release spinlock of fs->list_lock; scopeLeave atomic; release mutex of fs->lock; return 0; end`,
    ],
    [
      'scoped_guard() ends with its statement',
      `void f(struct demofs *fs)
{
	scoped_guard(mutex, &fs->lock)
		kmalloc(1, GFP_KERNEL);
	kmalloc(2, GFP_KERNEL);
}`,
      `1: acquire mutex of fs->lock; alloc reclaim+IO+FS; release mutex of fs->lock; -> 2
2: alloc reclaim+IO+FS; end`,
    ],
    [
      'a guard that nobody knows leaves nothing known',
      `void f(struct demofs *fs)
{
	guard(demofs_magic)(fs);
	kmalloc(1, GFP_KERNEL);
}`,
      `1: unreadable; alloc reclaim+IO+FS; end`,
    ],
    [
      '__free() calls what it names',
      `int f(int x)
{
	char *p __free(kfree) = kmalloc(1, GFP_KERNEL);

	if (x)
		return -EIO;
	return 0;
}`,
      `1: alloc reclaim+IO+FS; x ? 2 : 4
2: -> 3
3: return -EIO; end
4: -> 5
5: return 0; end`,
    ],
    [
      '__free() of an unknown name is an unknown call',
      `int f(void)
{
	struct demofs *p __free(demofs_put) = demofs_get();

	return 0;
}`,
      `1: call demofs_get; p ? 2 : 3
2: call demofs_put, gets p; -> 3
3: return 0; end`,
    ],
    [
      'data of a page',
      `void f(struct page *page)
{
	zero_user(page, 0, 10);
	SetPageUptodate(page);
	set_page_dirty(page);
}`,
      `1: zero page; setUptodate page; dirty page; end`,
    ],
    [
      'invalidation of all and of a part',
      `void f(struct address_space *mapping)
{
	invalidate_mapping(mapping);
	invalidate_range(mapping, 0, 1);
}`,
      `1: invalidate all of mapping; invalidate a range of mapping; end`,
    ],
    [
      'a page-table entry',
      `void f(struct vm_fault *vmf, struct page *page)
{
	do_install(vmf, page);
}`,
      `1: mapInstall page; end`,
    ],
    [
      'waits of all kinds',
      `void f(journal_t *journal, struct page *page)
{
	wait_commit(journal, 1);
	wait_on_page_locked(page);
}`,
      `1: wait for commit; wait for page-lock of page; end`,
    ],
    [
      'a copy that cannot fault',
      `void f(char *p, char *buf)
{
	copy_inatomic(p, buf, 1);
}`,
      `1: copy without faulting; end`,
    ],
  ])('%s', (_, code, wanted) => {
    expect(printed(code, OWN_KNOWLEDGE)).toBe(wanted);
  });
});
