/** Operators that plant a lock order which goes against a ranking, or against another function of the file. */

import type { Operator } from './operator.ts';
import type { Site } from './site.ts';
import type { Edit, Source } from './source.ts';
import { type Choices, inserted } from './under-lock.ts';

/** Where one of them stands, a lock of the class may be held already: that order is not ranked. */
const OUTER =
  /\b(?:inode_(?:un)?lock\w*|i_rwsem|\w*invalidate_lock\w*|mmap_(?:read|write)_lock\w*|mmap_lock|vm_fault)\b/;

const OVER_PAGES: Choices = [
  ['inode_lock($E->mapping->host);', 'inode_unlock($E->mapping->host);'],
  ['mmap_read_lock(current->mm);', 'mmap_read_unlock(current->mm);'],
  ['filemap_invalidate_lock($E->mapping);', 'filemap_invalidate_unlock($E->mapping);'],
];

const EXE = 'file_inode(current->mm->exe_file)';

const OVER_MMAP: Choices = [
  [`inode_lock(${EXE});`, `inode_unlock(${EXE});`],
  [`inode_lock_shared(${EXE});`, `inode_unlock_shared(${EXE});`],
];

/** The two acquisitions change places. */
function swapLocks(source: Source, site: Site): readonly Edit[] | null {
  const [first, second] = site.at.map((at) => source.offset(at));
  if (first === undefined || second === undefined) return null;
  const [end, last] = [source.endOfSimple(first), source.endOfSimple(second)];
  if (end === null || last === null || !source.isOwnStatement(first) || !source.isFirst(second)) return null;
  const [one, other] = [source.text.slice(first, end), source.text.slice(second, last)];
  return [
    { start: first, end, text: other },
    { start: second, end: last, text: one },
  ];
}

export const ORDER_BUGS: readonly Operator[] = [
  {
    id: 'swap-two-locks',
    pattern: 'two-locks',
    rules: ['lock-order-inversion'],
    share: 4,
    mentions: /\b(?:mutex_lock|spin_lock\w*|down_(?:read|write)|write_lock)\(/,
    plant: swapLocks,
  },
  {
    id: 'outer-lock-under-page-lock',
    pattern: 'under-page-lock',
    rules: ['lock-order-inversion'],
    share: 4,
    mentions:
      /\b(?:lock_page|folio_lock|find_lock_page|filemap_lock_folio|filemap_grab_folio|grab_cache_page|find_or_create_page)\(/,
    under: ['fs', 'mm', 'drivers', 'kernel'],
    plant: inserted(OVER_PAGES, OUTER),
  },
  {
    id: 'inode-lock-under-mmap-lock',
    pattern: 'under-mmap-lock',
    rules: ['lock-order-inversion'],
    share: 4,
    mentions: /\bmmap_(?:read|write)_lock\(/,
    plant: inserted(OVER_MMAP, /\binode_(?:un)?lock/),
  },
];
