/** Locks that another file's writeback, reclaim or fault handler takes. */

import { afterAll, describe, expect, it } from 'vitest';
import { removeTempDirs } from '../../corpus/archive/git-oracle.ts';
import { findingsInTree, type Texts } from './indexed-tree.ts';

afterAll(removeTempDirs);

/** The findings of a tree of these files, with the places of their steps. */
function findings(texts: Texts): readonly string[][] {
  return findingsInTree(texts).map(({ rule, steps }) =>
    [rule].concat(steps.map(({ path, line, what }) => `${path}:${line} ${what}`)),
  );
}

/** Allocates with the lock held, in a helper of another file. */
function grow(lock = 'di->map_mutex', parameter = 'struct demofs_inode *di'): string {
  return `static int demofs_grow(${parameter})\n{\n\tmutex_lock(&${lock});\n\tdemofs_fill();\n\tmutex_unlock(&${lock});\n\treturn 0;\n}\n`;
}

const FILL = 'int demofs_fill(void)\n{\n\tkmalloc(64, GFP_KERNEL);\n\treturn 0;\n}\n';

/** A method that comes to the lock by a helper. */
function taking(
  struct: string,
  slot: string,
  lock = 'di->map_mutex',
  parameter = 'struct demofs_inode *di',
): string {
  return `int demofs_take(${parameter})
{
	mutex_lock(&${lock});
	mutex_unlock(&${lock});
	return 0;
}

static int demofs_method(struct demofs_any *any, struct demofs_other *other)
{
	set_page_writeback(other->page);
	return demofs_take(any->first);
}

static const struct ${struct} demofs_table = {
	.${slot} = demofs_method,
};
`;
}

const WRITEPAGES = taking('address_space_operations', 'writepages');

describe('a lock held over an allocation', () => {
  it('that writeback takes in another file is reported with both ends', () => {
    const files = { 'fs/demofs/grow.c': grow(), 'fs/demofs/fill.c': FILL, 'fs/demofs/write.c': WRITEPAGES };
    expect(findings(files)).toEqual([
      [
        'reclaim-lock-inversion',
        'fs/demofs/write.c:11 writepages of address_space_operations: demofs_take() blocks for di->map_mutex',
        'fs/demofs/write.c:3 demofs_take() does it here',
        'fs/demofs/grow.c:3 takes di->map_mutex',
        'fs/demofs/grow.c:4 allocates with filesystem reclaim allowed, di->map_mutex still held',
        'fs/demofs/fill.c:3 demofs_fill() does it here',
      ],
    ]);
  });

  it('is found behind an accessor whose type another function shows', () => {
    const held = grow('DEMOFS_I(inode)->map_mutex', 'struct inode *inode');
    const typed =
      'void f(struct inode *inode)\n{\n\tstruct demofs_inode *di = DEMOFS_I(inode);\n\tg(di);\n}\n';
    const files = {
      'fs/demofs/grow.c': held + typed,
      'fs/demofs/fill.c': FILL,
      'fs/demofs/write.c': WRITEPAGES,
    };
    expect(findings(files)).toHaveLength(1);
  });

  it.each([
    ['3.0', '3.1', 1],
    ['3.5', '3.6', 0],
  ])('that `->writepage` takes, without any page under writeback, in %s', (from, below, count) => {
    const write = taking('address_space_operations', 'writepage');
    const files = {
      'fs/demofs/grow.c': grow(),
      'fs/demofs/fill.c': FILL,
      'fs/demofs/write.c': write.replace('\tset_page_writeback(other->page);\n', ''),
    };
    expect(findingsInTree(files, undefined, undefined, { from, below })).toHaveLength(count);
  });

  const shared = ['sb->list_mutex', 'struct demofs_sb_info *sb'] as const;

  it('that all objects of the filesystem share is one that a shrinker may not take', () => {
    const write = taking('shrinker', 'scan_objects', ...shared);
    const files = {
      'fs/demofs/grow.c': grow(...shared),
      'fs/demofs/fill.c': FILL,
      'fs/demofs/write.c': write,
    };
    expect(findings(files)).toHaveLength(1);
  });

  it.each([
    ['a member of another structure', { 'fs/demofs/grow.c': grow('di->map_mutex', 'struct demofs_dir *di') }],
    ['another member', { 'fs/demofs/grow.c': grow('di->dir_mutex') }],
    ['a pointer to any lock', { 'fs/demofs/grow.c': grow('*lock', 'struct mutex *lock') }],
    ['a structure of that name in another filesystem', { 'fs/otherfs/grow.c': grow() }],
    [
      'one that a shrinker takes of an object that nobody uses',
      { 'fs/demofs/grow.c': grow(), 'fs/demofs/write.c': taking('shrinker', 'scan_objects') },
    ],
    [
      'one that no method comes to',
      { 'fs/demofs/grow.c': grow(), 'fs/demofs/write.c': taking('file_operations', 'open') },
    ],
    [
      'one that it takes before it has any pages',
      {
        'fs/demofs/grow.c': grow(),
        'fs/demofs/write.c': WRITEPAGES.replace('\tset_page_writeback(other->page);\n', ''),
      },
    ],
    [
      'of which all callers are in a NOFS scope',
      {
        'fs/demofs/grow.c': grow().replace('static ', ''),
        'fs/demofs/call.c':
          'int demofs_call(struct demofs_inode *di)\n{\n\tunsigned int flags = memalloc_nofs_save();\n\n\tdemofs_grow(di);\n\tmemalloc_nofs_restore(flags);\n\treturn 0;\n}\n',
      },
    ],
  ])('is none of writeback: %s', (_, files) => {
    const all = { 'fs/demofs/write.c': WRITEPAGES, 'fs/demofs/fill.c': FILL, ...files };
    expect(findings(all)).toEqual([]);
  });

  it.each([
    ['of any inode', '', 1],
    ['of unlinked inodes only', '\tif (inode->i_nlink)\n\t\treturn;\n', 0],
    ['of some inodes', '\tif (inode->i_private)\n\t\treturn;\n', 0],
  ])('that eviction takes, %s', (_, test, count) => {
    const evict = `void demofs_forget(struct demofs_sb_info *sb)
{
	mutex_lock(&sb->list_mutex);
	mutex_unlock(&sb->list_mutex);
}

static void demofs_evict(struct inode *inode)
{
${test}	demofs_forget(inode->i_sb->s_fs_info);
}

static const struct super_operations demofs_super = {
	.evict_inode = demofs_evict,
};
`;
    const files = {
      'fs/demofs/grow.c': grow(...shared),
      'fs/demofs/fill.c': FILL,
      'fs/demofs/evict.c': evict,
    };
    expect(findings(files)).toHaveLength(count);
  });
});

const READ = `static int demofs_read(struct demofs_inode *di, char __user *to)
{
	int err;

	mutex_lock(&di->map_mutex);
	err = copy_to_user(to, di->map, 8);
	mutex_unlock(&di->map_mutex);
	return err;
}
`;

describe('a lock held over an access to user memory', () => {
  it('that the fault handler takes in another file is reported with both ends', () => {
    const handler = taking('vm_operations_struct', 'page_mkwrite');
    expect(findings({ 'fs/demofs/read.c': READ, 'fs/demofs/fault.c': handler })).toEqual([
      [
        'fault-under-fault-lock',
        'fs/demofs/fault.c:11 page_mkwrite of vm_operations_struct: demofs_take() blocks for di->map_mutex',
        'fs/demofs/fault.c:3 demofs_take() does it here',
        'fs/demofs/read.c:5 takes di->map_mutex',
        'fs/demofs/read.c:6 user copy with page faults enabled, lock still held',
      ],
    ]);
  });

  it('is none of faults where only writeback takes it', () => {
    expect(findings({ 'fs/demofs/read.c': READ, 'fs/demofs/fault.c': WRITEPAGES })).toEqual([]);
  });
});
