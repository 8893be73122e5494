/** What only the comparison of a function's two images shows: each test has the old text and the new one. */

import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { reviewDiff } from '../../../analyzers/review/review-diff.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';
import { gitDiff } from './git-diff.ts';

const knowledge = loadKnowledge();

/** What a review says of the change, the whole function in sight. */
function said(before: string, after: string): string[] {
  const diff = parseDiff(gitDiff({ 'fs/demofs/a.c': before }, { 'fs/demofs/a.c': after }, 200));
  expect(diff.problems).toEqual([]);
  return reviewDiff(diff, knowledge, RULES).findings.map(({ status, rule }) => `${status} ${rule}`);
}

function swap(test: string, end = ''): string {
  return `static void demofs_swap(struct demofs_ctx *a, struct demofs_ctx *b)
{
	demofs_account(a);
${test}		mutex_lock(&a->ctx_lock);
		mutex_lock_nested(&b->ctx_lock, 1);
		swap(a->limit, b->limit);
		mutex_unlock(&b->ctx_lock);
		mutex_unlock(&a->ctx_lock);
${end}}
`;
}

describe('two locks whose objects the old code compared', () => {
  it('may be one lock when nobody compares them any more', () => {
    expect(said(swap('\tif (a != b) {\n', '\t}\n'), swap(''))).toEqual(['introduced double-lock']);
    expect(said(swap('\tif (a == b)\n\t\treturn;\n'), swap(''))).toEqual(['introduced double-lock']);
    expect(said(swap(''), swap('\tif (a != b) {\n', '\t}\n'))).toEqual(['fixed double-lock']);
  });

  it('are two as long as some comparison is left', () => {
    expect(said(swap('\tif (a != b) {\n', '\t}\n'), swap('\tif (b == a)\n\t\treturn;\n'))).toEqual([]);
    expect(said(swap('\tif (a == b)\n\t\treturn;\n'), swap('\tif (a >= b)\n\t\treturn;\n'))).toEqual([]);
  });

  it('are two where the old comparison had nothing to do with the locks', () => {
    expect(said(swap('\tif (a != b)\n\t\tdemofs_note(a);\n'), swap(''))).toEqual([]);
    expect(said(swap('\tif (a != NULL) {\n', '\t}\n'), swap(''))).toEqual([]);
  });
});

/** The comparison stood in the function; a helper in front of it gets both instead. */
function checked(other: string, call = '\tif (demofs_check(a, b))\n\t\treturn;\n'): string[] {
  return said(swap('\tif (a == b)\n\t\treturn;\n'), `${other}${swap(call)}`);
}

function helper(body: string): string {
  return `static int demofs_check(struct demofs_ctx *one, struct demofs_ctx *other)\n{\n${body}\treturn 0;\n}\n\n`;
}

/** One call takes the locks of both. */
function both(test: string): string {
  return `static int demofs_move(struct inode *from, struct inode *to)
{
${test}\tlock_two_nondirectories(from, to);
\tdemofs_exchange(from, to);
\tunlock_two_nondirectories(from, to);
\treturn 0;
}
`;
}

function spin(test: string): string {
  return both(test)
    .replaceAll('struct inode *', 'spinlock_t *')
    .replace('unlock_two_nondirectories(from, to', 'double_spin_unlock(from, to, true')
    .replace('lock_two_nondirectories(from, to', 'double_spin_lock(from, to, true');
}

describe('two locks whose objects a function gets that is called in front of them', () => {
  it.each([
    ['compares them', '\tif (one == other)\n\t\treturn -EINVAL;\n'],
    [
      'compares what tells one from the other',
      '\tif (one->dead || one->id == other->id)\n\t\treturn -EINVAL;\n',
    ],
    [
      'compares them by other names',
      '\tstruct demofs_ctx *root = other;\n\n\tif (root == one)\n\t\treturn -EINVAL;\n',
    ],
    ['hands them on', '\tif (demofs_is_same(one, other))\n\t\treturn -EINVAL;\n'],
  ])('are two where it %s', (_, body) => {
    expect(checked(helper(body))).toEqual([]);
  });

  it('may be one where it does not compare them', () => {
    const bound = '\tif (one->limit == 0 || other->state == DEMOFS_DEAD)\n\t\treturn -EINVAL;\n';
    expect(checked(helper(bound))).toEqual(['introduced double-lock']);
  });

  it.each([
    ['is asked', '\tif (demofs_check(a, b))\n\t\treturn;\n'],
    ['is asked later', '\tint err = demofs_check(a, b);\n\n\tif (err)\n\t\treturn;\n'],
    ['answers nothing', '\tdemofs_check(a, b);\n'],
    ['is given more', '\tif (demofs_check(4, b, a))\n\t\treturn;\n'],
  ])('are two for all that is known where it is out of sight and %s', (_, call) => {
    expect(checked('', call)).toEqual([]);
  });

  it('may be one where the function gets only one of them, comes too late, or was called by the old code too', () => {
    const lone = '\tif (demofs_check(a, a))\n\t\treturn;\n';
    expect(checked('', lone)).toEqual(['introduced double-lock']);
    const late = swap('').replace('\tswap(', '\tdemofs_check(a, b);\n\t\tswap(');
    expect(said(swap('\tif (a == b)\n\t\treturn;\n'), late)).toEqual(['introduced double-lock']);
    const note = '\tdemofs_note(a, b);\n';
    expect(said(swap(`${note}\tif (a != b) {\n`, '\t}\n'), swap(note))).toEqual(['introduced double-lock']);
  });

  it('are taken once by a function that takes both and compares them', () => {
    expect(said(both('\tif (from == to)\n\t\treturn -EINVAL;\n'), both(''))).toEqual([]);
  });

  it('are taken twice by a function that takes both and compares nothing', () => {
    expect(said(spin('\tif (from == to)\n\t\treturn -EINVAL;\n'), spin(''))).toEqual([
      'introduced double-lock',
    ]);
  });
});

/** Takes a lock for its caller; `failure` is what it does about a failure. */
function lock(failure: string, end = '\treturn err;\n'): string {
  return `int demofs_sync_lock(struct demofs_sb *sb, int write)
{
	int err;

	if (demofs_is_dead(sb))
		return -EROFS;
	if (write)
		down_write(&sb->sync_sem);
	else
		down_read(&sb->sync_sem);
	err = demofs_cluster_lock(sb, write);
${failure}${end}}
`;
}

function withoutTest(text: string): string {
  return text.replace('\tif (demofs_is_dead(sb))\n\t\treturn -EROFS;\n', '');
}

describe('a lock that is kept for the caller', () => {
  const released = `	if (err < 0) {
		if (write)
			up_write(&sb->sync_sem);
		else
			up_read(&sb->sync_sem);
	}
`;

  it('has to be released when the function fails', () => {
    const kept = lock('\tif (err < 0)\n\t\tpr_warn("%d", err);\n');
    expect(said(lock(released), kept)).toEqual(['introduced lock-imbalance']);
    expect(said(kept, lock(released))).toEqual(['fixed lock-imbalance']);
  });

  it('may be released by a function that is new', () => {
    expect(said(lock(released), lock('\tif (err < 0)\n\t\tdemofs_undo(sb, err);\n'))).toEqual([]);
  });

  it('may have been kept on failure before', () => {
    const before = lock(released, '\tif (!err)\n\t\terr = sb->state;\n\treturn err;\n');
    const after = lock('', '\tif (!err)\n\t\terr = sb->state;\n\treturn err;\n');
    expect(said(before, after)).toEqual([]);
  });

  it('may be the callers to release, if every failure keeps it', () => {
    expect(said(withoutTest(lock(released)), withoutTest(lock('')))).toEqual([]);
  });
});

/** Two pages, the second of which may be the first: it is locked then already. */
function put(test: string): string {
  return `static void demofs_put(struct demofs_cow *cow, struct page *page)
{
	struct page *cached = demofs_cached(cow);

	if (page != cached)
		lock_page(page);
	demofs_copy(cow, page);
	if (cached) {
		unlock_page(cached);
		put_page(cached);
	}
${test}		unlock_page(page);
}
`;
}

describe('two pages that the old code compared', () => {
  it('may be one page, and then it is unlocked twice', () => {
    expect(said(put('\tif (page != cached)\n'), put(''))).toEqual(['introduced double-lock']);
    expect(said(put(''), put('\tif (page != cached)\n'))).toEqual(['fixed double-lock']);
  });

  it('are two where another test keeps them apart', () => {
    const early = '\tif (cached == page)\n\t\treturn;\n';
    expect(said(put('\tif (page != cached)\n'), put(early))).toEqual([]);
    expect(said(put('\tif (page)\n'), put(''))).toEqual([]);
  });
});

/** Called with the list's lock held, which it drops to allocate, or does not. */
function grow(dropped: string, takenAgain = dropped.replace('unlock', 'lock'), caller = ''): string {
  return `static int demofs_grow(struct demofs_list *list)
{
	struct demofs_item *item;

	if (list->count > 8)
		return -ENOSPC;
${dropped}	item = kmalloc(sizeof(*item), GFP_KERNEL);
${takenAgain}	if (!item)
		return -ENOMEM;
	list->last = item;
	return 0;
}

static int demofs_add(struct demofs_list *list)
{
	int err;

${caller}	err = demofs_grow(list);
	demofs_note(list);
${caller.replace('lock', 'unlock')}	return err;
}
`;
}

describe('a lock that one image shows to be held at the start', () => {
  const dropped = '\tspin_unlock(&list->items_lock);\n';
  const taken = '\tspin_lock(&list->items_lock);\n';

  it('is held in the other image too', () => {
    expect(said(grow(dropped), grow(''))).toEqual(['introduced sleep-in-atomic']);
    expect(said(grow(''), grow(dropped))).toEqual(['fixed sleep-in-atomic']);
  });

  it('is not where the patch changes who takes it', () => {
    expect(said(grow(dropped, taken, taken), grow('', '', ''))).toEqual([]);
  });

  it('is not where the function gives it back for good', () => {
    expect(said(grow(dropped, ''), grow(''))).toEqual([]);
  });
});

/** Called with the lock held, which it drops to allocate; `again` takes it back when that fails. */
function copy(dropsFirst: boolean, again: string): string {
  const [first, second] = dropsFirst
    ? ['\tspin_unlock(&mm->table_lock);\n', '']
    : ['', '\tspin_unlock(&mm->table_lock);\n'];
  return `static int demofs_copy(struct demofs_mm *mm, struct page *old)
{
	struct page *page;

retry:
	if (page_count(old) == 1)
		return 0;
${first}	page = demofs_alloc(mm);
	if (IS_ERR(page)) {
		if (demofs_unmap(mm, old)) {
${again}			goto retry;
		}
${again}		return -PTR_ERR(page);
	}
${second}	copy_highpage(page, old);
	spin_lock(&mm->table_lock);
	return 0;
}
`;
}

it('does not take a lock that is given back to the caller for one that is left', () => {
  expect(said(copy(false, ''), copy(true, '\t\tspin_lock(&mm->table_lock);\n'))).toEqual([]);
});

/** A callee that copies to the user by this function, called with a lock held that page faults take. */
function list(copies: string): string {
  return `static int demofs_item_out(struct demofs_item *item, void __user *to)
{
	return ${copies}(to, item, sizeof(*item)) ? -EFAULT : 0;
}

static int demofs_list(struct mm_struct *mm, struct demofs_item *item, void __user *to)
{
	int err;

	down_read(&mm->mmap_sem);
	err = demofs_item_out(item, to);
	up_read(&mm->mmap_sem);
	item->seen${copies === 'copy_to_user' ? '++' : ' += 1'};
	return err;
}
`;
}

it('knows a bug for the patch’s when the line that it changes stands in a callee', () => {
  expect(said(list('copy_to_user_nofault'), list('copy_to_user'))).toEqual([
    'introduced fault-under-fault-lock',
  ]);
});
