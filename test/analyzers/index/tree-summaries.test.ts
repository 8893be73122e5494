/** What a file's functions are found to do once the other files of its tree are known. */

import { assert, constantFrom, property, shuffledSubarray } from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { KernelEra } from '../../../analyzers/vocabulary/era.ts';
import { removeTempDirs } from '../../corpus/archive/git-oracle.ts';
import { findingsInTree, type Texts } from './indexed-tree.ts';

afterAll(removeTempDirs);

/** Rules, functions and places of what is found in these files, or in the first. */
function findings(
  texts: Texts,
  paths = Object.keys(texts).slice(0, 1),
  order = Object.keys(texts),
  era?: KernelEra,
): string[] {
  return findingsInTree(texts, paths, order, era).map(
    ({ rule, functionName, steps }) =>
      `${rule} in ${functionName ?? '?'}: ${steps.map((step) => `${step.path}:${step.line}`).join(' ')}`,
  );
}

const A = 'fs/demofs/a.c';
const B = 'fs/demofs/b.c';
const C = 'fs/demofs/c.c';

/** Calls with the page locked. */
function locked(...calls: readonly string[]): string {
  const lines = calls.map((call) => `\t${call};\n`).join('');
  return `int demofs_write(struct page *page)\n{\n\tlock_page(page);\n${lines}\tunlock_page(page);\n\treturn 0;\n}\n`;
}

function calling(name: string, call: string, specifier = ''): string {
  return `${specifier}int ${name}(struct page *page)\n{\n\treturn ${call};\n}\n`;
}

const ALLOCATES = '(page->private = (unsigned long)kmalloc(64, GFP_KERNEL)) != 0';
const RULE = 'alloc-fs-under-page-lock in demofs_write';

describe('a call of another file', () => {
  it('does what the callees of its callee do', () => {
    const texts = {
      [A]: locked('demofs_prepare(page)'),
      [B]: calling('demofs_prepare', 'demofs_fill(page)'),
      [C]: calling('demofs_fill', ALLOCATES),
    };
    expect(findings(texts)).toEqual([`${RULE}: ${A}:3 ${A}:4 ${B}:3 ${C}:3`]);
  });

  it('is not said to do what is more than three calls away', () => {
    const texts: Record<string, string> = { [A]: locked('demofs_step1(page)') };
    for (let step = 1; step < 4; step++) {
      texts[`fs/demofs/step${step}.c`] = calling(`demofs_step${step}`, `demofs_step${step + 1}(page)`);
    }
    expect(findings({ ...texts, [B]: calling('demofs_step4', ALLOCATES) })).toEqual([]);
    expect(findings({ ...texts, [B]: calling('demofs_step3', ALLOCATES), 'fs/demofs/step3.c': '' })).toEqual([
      `${RULE}: ${A}:3 ${A}:4 fs/demofs/step1.c:3 fs/demofs/step2.c:3 ${B}:3`,
    ]);
  });

  it('keeps a lock that it hands to nobody', () => {
    // It gives the page back somewhere else.
    const text = locked('demofs_note(page)', 'kmalloc(64, GFP_KERNEL)').replace('unlock_page', 'demofs_end');
    expect(findings({ [A]: text })).toEqual([]);
    expect(findings({ [A]: text, [B]: calling('demofs_note', 'page->index') })).toEqual([
      `${RULE}: ${A}:3 ${A}:5`,
    ]);
  });

  it('drops a lock that it drops', () => {
    const text = locked('demofs_end(page)', 'kmalloc(64, GFP_KERNEL)', 'lock_page(page)');
    const end = 'int demofs_end(struct page *page)\n{\n\tunlock_page(page);\n\treturn 0;\n}\n';
    expect(findings({ [A]: text, [B]: end })).toEqual([]);
  });

  it('goes round in circles until nothing changes', () => {
    const texts = {
      [A]: locked('demofs_even(page)'),
      [B]: 'int demofs_even(struct page *page)\n{\n\tif (page->index)\n\t\treturn demofs_odd(page);\n\treturn 0;\n}\n',
      [C]:
        'int demofs_odd(struct page *page)\n{\n\tif (page->flags)\n\t\treturn demofs_even(page);\n' +
        '\tkmalloc(64, GFP_KERNEL);\n\treturn 0;\n}\n',
    };
    expect(findings(texts)).toEqual([`${RULE}: ${A}:3 ${A}:4 ${B}:4 ${C}:5`]);
    expect(findings(texts, [C, B, A])).toEqual(findings(texts));
  });
});

function found(place: string): string[] {
  return [`${RULE}: ${A}:3 ${A}:4 ${place}`];
}

function table(name: string): string {
  const operations = `const struct address_space_operations ${name}_aops = {\n\t.demofs_op = ${name},\n};\n`;
  return calling(name, ALLOCATES, 'static ') + operations;
}

function putting(test: string): string {
  return `void demofs_put(struct demofs_node *node)\n{\n\t${test}demofs_cancel(node);\n}\n`;
}

it('a callee that sleeps only sometimes is not said to sleep', () => {
  const caller =
    'void demofs_drop(struct demofs_node *node)\n{\n\tspin_lock(&node->lock);\n\tdemofs_put(node);\n\tspin_unlock(&node->lock);\n}\n';
  const cancel = 'void demofs_cancel(struct demofs_node *node)\n{\n\tcancel_work_sync(&node->work);\n}\n';
  expect(findings({ [A]: caller, [B]: putting(''), [C]: cancel })).toEqual([
    `sleep-in-atomic in demofs_drop: ${A}:3 ${A}:4 ${B}:3 ${C}:3`,
  ]);
  const last = putting('if (refcount_dec_and_test(&node->refs))\n\t\t');
  expect(findings({ [A]: caller, [B]: last, [C]: cancel })).toEqual([]);
  expect(
    findings({
      [A]: caller,
      [B]: `static ${last.replaceAll('_put', '_unref')}${putting('').replace('_cancel', '_unref')}`,
      [C]: cancel,
    }),
  ).toEqual([]);
});

describe('which function a name means', () => {
  const caller = locked('demofs_fill(page)');
  const fill = calling('demofs_fill', ALLOCATES);

  it('one that other files can see', () => {
    expect(findings({ [A]: caller, [B]: fill })).toEqual(found(`${B}:3`));
    expect(findings({ [A]: caller, [B]: `static ${fill}` })).toEqual([]);
    expect(findings({ [A]: caller, [B]: `STATIC ${fill}` })).toEqual([]);
  });

  it('the file has one of its own', () => {
    const own = `static ${calling('demofs_fill', 'page->index')}${caller}`;
    expect(findings({ [A]: own, [B]: fill })).toEqual([]);
  });

  it('of two, the one in the same folder, else neither', () => {
    const other = 'fs/otherfs/b.c';
    expect(findings({ [A]: caller, [B]: fill, [other]: fill })).toEqual(found(`${B}:3`));
    expect(findings({ [A]: caller, [B]: fill, [C]: fill })).toEqual([]);
    expect(findings({ [A]: caller, [other]: fill, 'mm/fill.c': fill })).toEqual([]);
  });

  it('none of another program', () => {
    expect(findings({ [A]: caller, [B]: fill, 'tools/lib/fill.c': fill })).toEqual(found(`${B}:3`));
    expect(findings({ [A]: caller, 'tools/lib/fill.c': fill })).toEqual([]);
  });

  it.each([
    ['another number of arguments', locked('demofs_fill(page, 1)')],
    [
      'a parameter',
      caller.replace('struct page *page)', 'struct page *page, int (*demofs_fill)(struct page *))'),
    ],
    ['a variable', caller.replace('{\n', '{\n\tfiller_t *demofs_fill = pick(3);\n')],
    ['a macro', `#define demofs_fill(page) 0\n${caller}`],
  ])('not the function: %s', (_, text) => {
    expect(findings({ [A]: text, [B]: fill })).toEqual([]);
  });

  it('a lock of another file is another lock', () => {
    const own = 'static DEFINE_MUTEX(demofs_lock);\n';
    const texts = {
      [A]: `${own}void demofs_a(void)\n{\n\tmutex_lock(&demofs_lock);\n\tdemofs_b();\n\tmutex_unlock(&demofs_lock);\n}\n`,
      [B]: `${own}void demofs_b(void)\n{\n\tmutex_lock(&demofs_lock);\n\tmutex_unlock(&demofs_lock);\n}\n`,
    };
    expect(findings(texts)).toEqual([]);
  });
});

function include(name: string): string {
  return `#include "${name}"\n`;
}

describe('functions of headers', () => {
  const caller = locked('demofs_fill(page)');
  const fill = calling('demofs_fill', ALLOCATES, 'static inline ');
  const H = 'fs/demofs/demofs.h';

  it('are those of the files that include it', () => {
    expect(findings({ [A]: `#include "demofs.h"\n${caller}`, [H]: fill })).toEqual([
      `${RULE}: ${A}:4 ${A}:5 ${H}:3`,
    ]);
    expect(findings({ [A]: caller, [H]: fill })).toEqual([]);
    expect(findings({ [A]: `#include <demofs.h>\n${caller}`, [H]: fill })).toEqual([]);
  });

  it('are found through other headers, in other folders, and below the folder', () => {
    const inHeader = (path: string): string[] => [`${RULE}: ${A}:4 ${A}:5 ${path}:3`];
    expect(
      findings({ [A]: include('all.h') + caller, 'fs/demofs/all.h': include('demofs.h'), [H]: fill }),
    ).toEqual(inHeader(H));
    const outer = 'fs/common/fill.h';
    expect(findings({ [A]: include('../common/fill.h') + caller, [outer]: fill })).toEqual(inHeader(outer));
    const lower = 'fs/demofs/lib/fill.h';
    expect(findings({ [A]: include('fill.h') + caller, [lower]: fill })).toEqual(inHeader(lower));
    expect(
      findings({ [A]: include('fill.h') + caller, [lower]: fill, 'fs/demofs/old/fill.h': fill }),
    ).toEqual([]);
  });

  it("stand behind the file's own and in front of other files'", () => {
    const silent = calling('demofs_fill', 'page->index', 'static inline ');
    expect(findings({ [A]: `#include "demofs.h"\n${silent}${caller}`, [H]: fill })).toEqual([]);
    const visible = calling('demofs_fill', ALLOCATES);
    const other = 'fs/otherfs/fill.c';
    expect(findings({ [A]: `#include "demofs.h"\n${caller}`, [H]: silent, [other]: visible })).toEqual([]);
    // Beside the header, the function of a configuration that has it.
    expect(findings({ [A]: `#include "demofs.h"\n${caller}`, [H]: silent, [B]: visible })).toHaveLength(1);
    expect(findings({ [A]: `#include "demofs.h"\n${caller}`, [B]: visible, [H]: '' })).toHaveLength(1);
  });

  it('enter and leave the scopes of their callers', () => {
    const scopes =
      'static inline int demofs_down(struct super_block *sb)\n{\n\tdown_read(&sb->s_demo);\n\treturn memalloc_nofs_save();\n}\n' +
      'static inline void demofs_up(struct super_block *sb, int flags)\n{\n\tmemalloc_nofs_restore(flags);\n\tup_read(&sb->s_demo);\n}\n';
    const whole = `#include "demofs.h"\nstatic ${locked('kmalloc(64, GFP_KERNEL)')}int demofs_all(struct super_block *sb, struct page *page)\n{\n\tint flags = demofs_down(sb);\n\tdemofs_write(page);\n\tdemofs_up(sb, flags);\n\treturn 0;\n}\n`;
    expect(findings({ [A]: whole })).toHaveLength(1);
    expect(findings({ [A]: whole, [H]: scopes })).toEqual([]);
  });
});

it('what another file writes to may be a file of the filesystem below', () => {
  const write = (object: string): Texts => ({
    [A]: `void demofs_splice(struct file *out)\n{\n\tstruct inode *inode = out->f_inode;\n\tstruct file *below = demofs_below(out);\n\tinode_lock(inode);\n\tdemofs_write_to(${object});\n\tinode_unlock(inode);\n}\n`,
    [B]: 'void demofs_write_to(struct file *file)\n{\n\tfile_start_write(file);\n\tdemofs_copy(file);\n\tfile_end_write(file);\n}\n',
  });
  const later = { from: '3.6', below: null };
  expect(findings(write('out'), [A], [A, B], later)).toEqual([
    `lock-order-inversion in demofs_splice: ${A}:5 ${A}:6 ${B}:3`,
  ]);
  expect(findings(write('below'), [A], [A, B], later)).toEqual([]);
});

describe('a call through a table', () => {
  const caller = locked('page->mapping->a_ops->demofs_op(page)');
  const otherTable = table('demofs_op1').replace('address_space_operations', 'super_operations');

  it('is of the one function that stands there', () => {
    expect(findings({ [A]: caller, [B]: table('demofs_op1') })).toEqual([`${RULE}: ${A}:3 ${A}:4 ${B}:3`]);
    expect(findings({ [A]: caller, [B]: otherTable })).toEqual([]);
  });

  it('is of the own folder first, and of nobody where there are several', () => {
    const other = 'fs/otherfs/b.c';
    expect(findings({ [A]: caller, [B]: table('demofs_op1'), [other]: table('otherfs_op') })).toHaveLength(1);
    expect(findings({ [A]: caller, [B]: table('demofs_op1'), [C]: table('demofs_op2') })).toEqual([]);
    expect(findings({ [A]: caller, [other]: table('otherfs_op') })).toHaveLength(1);
    expect(findings({ [A]: caller, [other]: table('otherfs_op'), 'fs/b.c': table('b_op') })).toEqual([]);
  });
});

function opening(name: string): string {
  return `int ${name}(struct btrfs_fs_info *info)\n{\n\treturn demofs_open(info);\n}\n`;
}

it('nobody wants locks of a filesystem that is being mounted', () => {
  const late =
    'int demofs_late(struct btrfs_fs_info *info)\n{\n\tmutex_lock(&info->fs_devices->device_list_mutex);\n\tdemofs_zones(info);\n' +
    '\tmutex_unlock(&info->fs_devices->device_list_mutex);\n\treturn 0;\n}\n';
  const zones =
    'int demofs_zones(struct btrfs_fs_info *info)\n{\n\tinfo->zones = kmalloc(64, GFP_KERNEL);\n\treturn 0;\n}\n';
  const open = 'int demofs_open(struct btrfs_fs_info *info)\n{\n\treturn demofs_late(info);\n}\n';
  const rest = { [A]: late, [B]: zones, 'fs/demofs/open.c': open };
  expect(findings({ ...rest, [C]: opening('demofs_fill_super') })).toEqual([]);
  expect(findings({ ...rest, [C]: opening('demofs_grow') })).toHaveLength(1);
  expect(findings({ ...rest, [C]: opening('demofs_fill_super') + opening('demofs_grow') })).toHaveLength(1);
  expect(findings(rest)).toHaveLength(1);
});

function ofMappings(text: string): string {
  return text.replace('a_ops', 'vm_ops').replace('address_space_operations', 'vm_operations_struct');
}

it('code above filesystems calls the tables of all of them', () => {
  const caller = locked('page->mapping->a_ops->demofs_op(page)');
  const generic = 'mm/caller.c';
  const own = 'mm/own.c';
  expect(findings({ [generic]: caller, [own]: table('own_op'), [B]: table('demofs_op1') })).toEqual([]);
  expect(findings({ [generic]: caller, [own]: table('own_op') })).toHaveLength(1);
  // Drivers have such tables, too.
  expect(findings({ [generic]: ofMappings(caller), [own]: ofMappings(table('own_op')) })).toEqual([]);
  expect(findings({ [A]: ofMappings(caller), [B]: ofMappings(table('own_op')) })).toHaveLength(1);
  // Another structure has a member of that name.
  expect(findings({ [A]: caller.replace('a_ops', 'special'), [B]: table('own_op') })).toEqual([]);
});

it('says the same in any order of files and of questions', () => {
  const texts: Record<string, string> = {};
  // Four that call each other in a circle, of which one allocates, and four that call them with the page locked.
  for (let file = 0; file < 4; file++) {
    const next = `\tif (page->index == ${file})\n\t\treturn demofs_do${(file + 1) % 4}(page);\n`;
    texts[`fs/demofs/circle${file}.c`] =
      `int demofs_do${file}(struct page *page)\n{\n${next}${file === 2 ? '\tkmalloc(64, GFP_KERNEL);\n' : ''}\treturn 0;\n}\n`;
    texts[`fs/demofs/locked${file}.c`] = locked(`demofs_do${file}(page)`);
  }
  const paths = Object.keys(texts);
  const expected = findings(texts, paths).toSorted();
  expect(expected.length).toBeGreaterThan(2);
  const orders = shuffledSubarray(paths, { minLength: paths.length });
  assert(
    property(orders, orders, constantFrom(1, 8), (order, asked, count) => {
      const told = findings(texts, asked.slice(0, count), order);
      const isAsked = (one: string): boolean =>
        asked.slice(0, count).some((path) => one.includes(`: ${path}:`));
      expect(told.toSorted()).toEqual(expected.filter(isAsked));
    }),
    { numRuns: 20 },
  );
});
