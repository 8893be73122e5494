/** Operators that plant a bug: the lock or transaction and what is wrong under it are in one function. */

import { DATA_BUGS } from './data-bugs.ts';
import {
  bodyOf,
  dropped,
  indented,
  insertedAtHead,
  insertedBefore,
  insertedBehind,
  staysTheSame,
} from './edits.ts';
import type { Operator } from './operator.ts';
import { ORDER_BUGS } from './order-bugs.ts';
import type { Site } from './site.ts';
import type { Edit, Source } from './source.ts';
import { behind, inserted, isUnseen, listOf, places } from './under-lock.ts';

const UNLOCK =
  /\b(?:mutex_unlock|spin_unlock\w*|(?:read|write)_unlock\w*|up_read|up_write|inode_unlock|folio_unlock|unlock_page)\(/;
const SPIN_LOCK = /\b(?:raw_)?spin_lock\w*\(/;
const PAGE_LOCK =
  /\b(?:lock_page|folio_lock|find_lock_page|filemap_lock_folio|filemap_grab_folio|grab_cache_page|find_or_create_page)\(/;
const TRANSACTION =
  /\b(?:\w+_start_transaction|\w+_join_transaction|\w*journal_start\w*|ocfs2_start_trans|txBegin|gfs2_trans_begin|nilfs_transaction_begin|journal_begin|xfs_trans_alloc)\(/;
/** Those of them that are no nofs scope in any version. */
const FS_TRANSACTION =
  /\b(?:btrfs_\w+_transaction|txBegin|gfs2_trans_begin|nilfs_transaction_begin|journal_begin)\(/;

/** Where one of them stands, allocations or faults may be another matter than the operator says. */
const OTHER_SCOPE = /\bmemalloc_\w+_save\(|\bPF_MEMALLOC/;
const OTHER_TRANSACTION = /\b\w*(?:trans_alloc|journal_start|start_trans)\w*\(|\bhandle_t\b/;
const ATOMIC =
  /\b(?:kmap_atomic|pagefault_disable|preempt_disable|rcu_read_lock|local_irq_\w+|\w*spin_lock\w*|bit_spin_lock|xas?_lock\w*)\(/;

const USER = 'current->mm->arg_start';

const COPIES: readonly (readonly string[])[] = [
  [
    '{',
    '\tchar head[16];',
    '',
    `\tif (copy_from_user(head, (void __user *)${USER}, sizeof(head)))`,
    '\t\tpr_debug("short copy\\n");',
    '}',
  ],
  [
    '{',
    '\tint word;',
    '',
    `\tif (get_user(word, (int __user *)${USER}))`,
    '\t\tpr_debug("no word\\n");',
    '}',
  ],
  [`if (put_user(0, (int __user *)${USER}))`, '\tpr_debug("not told\\n");'],
  [`if (fault_in_readable((char __user *)${USER}, 16))`, '\tpr_debug("not resident\\n");'],
  [`if (clear_user((void __user *)${USER}, 16))`, '\tpr_debug("not cleared\\n");'],
];

const ALLOCATIONS: readonly (readonly string[])[] = [
  ['{', '\tvoid *scratch = kzalloc(64, GFP_KERNEL);', '', '\tkfree(scratch);', '}'],
  ['kvfree(kvmalloc(4096, GFP_KERNEL));'],
  ['{', '\tstruct page *spare = alloc_page(GFP_KERNEL);', '', '\tif (spare)', '\t\t__free_page(spare);', '}'],
  ['{', '\tchar *name = kasprintf(GFP_KERNEL, "%d", current->pid);', '', '\tkfree(name);', '}'],
  ['kfree(kmemdup(current->comm, TASK_COMM_LEN, GFP_KERNEL));'],
];

const SLEEPS: readonly (readonly string[])[] = [
  ['msleep(20);'],
  ['usleep_range(100, 200);'],
  ['schedule_timeout_uninterruptible(HZ / 10);'],
  ['synchronize_rcu();'],
  ['cond_resched();'],
];

const MMAP_LOCKS: readonly (readonly string[])[] = [
  ['mmap_read_lock(current->mm);', 'mmap_read_unlock(current->mm);'],
  ['mmap_write_lock(current->mm);', 'mmap_write_unlock(current->mm);'],
  ['down_read(&current->mm->mmap_lock);', 'up_read(&current->mm->mmap_lock);'],
];

const IMBALANCE = ['lock-imbalance', 'double-lock'];

function dropUnlock(source: Source, site: Site): readonly Edit[] | null {
  const [lock, unlock] = places(source, site);
  const [object = ''] = site.notes;
  if (!staysTheSame(source, object, lock, unlock)) return null;
  return listOf(dropped(source, unlock));
}

function toKernel(isOther: RegExp | null): Operator['plant'] {
  return (source, site) => {
    const [lock, mask] = places(source, site);
    const [object = ''] = site.notes;
    if (!staysTheSame(source, object, behind(source, lock), mask)) return null;
    if (isUnseen(source, site, object)) return null;
    if (isOther?.test(bodyOf(source, site)) === true) return null;
    const name = /^GFP_(?:ATOMIC|NOFS|NOIO)\b/.exec(source.bare.slice(mask))?.[0];
    return name === undefined ? null : [{ start: mask, end: mask + name.length, text: 'GFP_KERNEL' }];
  };
}

/** `goto out;` becomes the return that stands behind the label's unlock. */
function returnUnderLock(source: Source, site: Site): readonly Edit[] | null {
  const [lock, jump] = places(source, site);
  const [object = '', , value = ''] = site.notes;
  const end = source.endOfSimple(jump);
  if (end === null || !/^-?\w+$/.test(value) || !staysTheSame(source, object, lock, jump)) return null;
  return [{ start: jump, end, text: `return ${value};` }];
}

function duplicateLock(source: Source, site: Site): readonly Edit[] | null {
  const [lock] = places(source, site);
  const end = source.endOfSimple(lock);
  if (end === null || !source.isOwnStatement(lock) || !source.isFirst(lock)) return null;
  return listOf(insertedBehind(source, end, [source.text.slice(lock, end)]));
}

function dropUnlockBetween(source: Source, site: Site): readonly Edit[] | null {
  const [lock, unlock, again] = places(source, site);
  const [object = ''] = site.notes;
  if (!staysTheSame(source, object, lock, again)) return null;
  return listOf(dropped(source, unlock));
}

/** A scope that ends only behind the check whose failure returns. */
function returnInScope(source: Source, site: Site): readonly Edit[] | null {
  const [call, condition] = places(source, site);
  const start = source.next(source.lineStart(source.lineOf(call)));
  if (!/^[\w.>-]+ = $/.test(source.text.slice(start, call)) || !source.isOwnStatement(start)) return null;
  if (/memalloc_|nofs_flag/.test(bodyOf(source, site))) return null;
  const close = source.closing(source.next(condition + 'if'.length));
  const end = close === null ? null : source.endOfStatement(source.next(close));
  if (end === null || /^else\b/.test(source.bare.slice(source.next(end)))) return null;
  const edits = [
    insertedAtHead(source, site, ['unsigned int nofs_flag;']),
    insertedBefore(source, start, ['nofs_flag = memalloc_nofs_save();']),
    restoredBehind(source, condition, end),
  ];
  return edits.some((edit) => edit === null) ? null : edits.filter((edit) => edit !== null);
}

function restoredBehind(source: Source, condition: number, end: number): Edit | null {
  const lineEnd = source.text.indexOf('\n', end) + 1;
  if (lineEnd === 0 || source.bare.slice(end, lineEnd).trim() !== '') return null;
  const text = indented(source.indentation(condition), ['memalloc_nofs_restore(nofs_flag);']);
  return { start: lineEnd, end: lineEnd, text };
}

function dropScopeEnd(source: Source, site: Site): readonly Edit[] | null {
  const [, end] = places(source, site);
  return listOf(dropped(source, end));
}

function lockOverBio(source: Source, site: Site): readonly Edit[] | null {
  const [, statement] = places(source, site);
  const [page = ''] = site.notes;
  if (!/^\w+$/.test(page)) return null;
  const lines = [
    '{',
    `\tstruct folio *other = filemap_lock_folio(inode->i_mapping, 0);`,
    '',
    '\tif (!IS_ERR(other)) {',
    '\t\tfolio_unlock(other);',
    '\t\tfolio_put(other);',
    '\t}',
    '}',
  ];
  return listOf(
    insertedBefore(
      source,
      statement,
      lines.map((line) => line.replace('inode->i_mapping', `${page}->mapping`)),
    ),
  );
}

function lockWithoutSubmit(source: Source, site: Site): readonly Edit[] | null {
  const [condition, lock] = places(source, site);
  const end = source.endOfSimple(lock);
  const close = source.closing(source.next(condition + 'if'.length));
  const body = close === null ? null : source.next(close);
  const blockEnd = body === null ? null : source.endOfStatement(body);
  if (end === null || body === null || blockEnd === null || source.bare.charAt(body) !== '{') return null;
  if (
    !/submit/.test(source.bare.slice(body, lock)) ||
    /^else\b/.test(source.bare.slice(source.next(blockEnd)))
  )
    return null;
  return [{ start: condition, end: blockEnd, text: source.text.slice(lock, end) }];
}

const FILES = ['fs', 'mm'];

export const BUGS: readonly Operator[] = [
  {
    id: 'drop-unlock-on-error',
    pattern: 'drop-unlock-on-error',
    rules: IMBALANCE,
    share: 13,
    mentions: UNLOCK,
    plant: dropUnlock,
  },
  {
    id: 'drop-unlock-at-end',
    pattern: 'drop-unlock-at-end',
    rules: IMBALANCE,
    share: 9,
    mentions: UNLOCK,
    plant: dropUnlock,
  },
  {
    id: 'return-under-lock',
    pattern: 'return-under-lock',
    rules: IMBALANCE,
    share: 8,
    mentions: UNLOCK,
    plant: returnUnderLock,
  },
  {
    id: 'duplicate-lock',
    pattern: 'duplicate-lock',
    rules: ['double-lock'],
    share: 9,
    mentions: UNLOCK,
    plant: duplicateLock,
  },
  {
    id: 'drop-unlock-between',
    pattern: 'drop-unlock-between',
    rules: IMBALANCE,
    share: 5,
    mentions: UNLOCK,
    plant: dropUnlockBetween,
  },
  {
    id: 'kernel-gfp-in-atomic',
    pattern: 'kernel-gfp-in-atomic',
    rules: ['sleep-in-atomic'],
    share: 7,
    mentions: /\bGFP_ATOMIC\b[^]*spin_unlock|spin_unlock[^]*\bGFP_ATOMIC\b/,
    plant: toKernel(null),
  },
  {
    id: 'sleep-in-atomic',
    pattern: 'under-spinlock',
    rules: ['sleep-in-atomic'],
    share: 6,
    mentions: SPIN_LOCK,
    plant: inserted(SLEEPS, null),
  },
  {
    id: 'alloc-in-atomic',
    pattern: 'under-spinlock',
    rules: ['sleep-in-atomic'],
    share: 5,
    mentions: SPIN_LOCK,
    plant: inserted(ALLOCATIONS, null),
  },
  {
    id: 'copy-in-atomic',
    pattern: 'under-spinlock',
    rules: ['sleep-in-atomic'],
    share: 3,
    mentions: SPIN_LOCK,
    plant: inserted(COPIES, null),
  },
  {
    id: 'drop-scope-end',
    pattern: 'scope-end',
    rules: ['nofs-scope-leak'],
    share: 2,
    mentions: /memalloc_\w+_restore\(/,
    plant: dropScopeEnd,
  },
  {
    id: 'return-in-scope',
    pattern: 'failing-alloc',
    rules: ['nofs-scope-leak'],
    share: 6,
    mentions: /alloc\w*\(/,
    plant: returnInScope,
  },
  {
    id: 'kernel-gfp-under-page-lock',
    pattern: 'nofs-under-page-lock',
    rules: ['alloc-fs-under-page-lock'],
    share: 1,
    mentions: PAGE_LOCK,
    under: FILES,
    plant: toKernel(null),
  },
  {
    id: 'alloc-under-page-lock',
    pattern: 'under-page-lock',
    rules: ['alloc-fs-under-page-lock'],
    share: 6,
    mentions: PAGE_LOCK,
    under: [...FILES, 'drivers', 'kernel'],
    plant: inserted(
      ALLOCATIONS,
      new RegExp(`${OTHER_SCOPE.source}|${OTHER_TRANSACTION.source}|${ATOMIC.source}`),
    ),
  },
  {
    id: 'copy-under-page-lock',
    pattern: 'under-page-lock',
    rules: ['fault-under-page-lock'],
    share: 6,
    mentions: PAGE_LOCK,
    under: [...FILES, 'drivers', 'kernel'],
    plant: inserted(COPIES, ATOMIC),
  },
  {
    id: 'kernel-gfp-in-transaction',
    pattern: 'nofs-in-transaction',
    rules: ['alloc-fs-under-transaction'],
    share: 1,
    mentions: FS_TRANSACTION,
    under: ['fs'],
    plant: toKernel(OTHER_SCOPE),
  },
  {
    id: 'alloc-in-transaction',
    pattern: 'in-transaction',
    rules: ['alloc-fs-under-transaction'],
    share: 5,
    mentions: FS_TRANSACTION,
    // Not jfs: what evicts its inodes starts no transaction.
    under: ['fs/btrfs', 'fs/gfs2', 'fs/nilfs2', 'fs/reiserfs'],
    plant: inserted(ALLOCATIONS, new RegExp(`${OTHER_SCOPE.source}|${ATOMIC.source}`)),
  },
  {
    id: 'copy-in-transaction',
    pattern: 'in-transaction',
    rules: ['fault-under-transaction'],
    share: 5,
    mentions: TRANSACTION,
    under: ['fs'],
    plant: inserted(COPIES, ATOMIC),
  },
  {
    id: 'mmap-lock-in-transaction',
    pattern: 'in-transaction',
    rules: ['mmap-lock-under-transaction', 'lock-order-inversion'],
    share: 4,
    mentions: TRANSACTION,
    under: ['fs'],
    plant: inserted(MMAP_LOCKS, ATOMIC),
  },
  {
    id: 'page-lock-over-bio',
    pattern: 'pending-bio',
    rules: ['block-with-pending-bio'],
    share: 1,
    mentions: /\b(?:set_page_writeback|folio_start_writeback)\(/,
    plant: lockOverBio,
  },
  {
    id: 'lock-without-submit',
    pattern: 'lock-behind-submit',
    rules: ['block-with-pending-bio'],
    share: 1,
    mentions: /\b(?:trylock_page|folio_trylock)\(/,
    plant: lockWithoutSubmit,
  },
  ...ORDER_BUGS,
  ...DATA_BUGS,
];
