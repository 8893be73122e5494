/**
 * What a page fault does on behalf of the task that takes it (do_page_fault() or do_user_addr_fault(), arch/x86/mm/fault.c;
 * handle_mm_fault(), mm/memory.c; filemap_fault(), filemap_nopage() before 2.6.23, mm/filemap.c), as a program.
 *
 * It takes the mmap lock for reading; memory for a page and its table may enter reclaim. A page of a file is locked for a
 * while. A shared mapping that is written to asks the filesystem next, with the page unlocked (do_shared_fault() and
 * do_page_mkwrite()); that starts a transaction and locks the page inside of it (ext4_page_mkwrite(), fs/ext4/inode.c).
 *
 * Since 2.6.37 a fault gives the mmap lock back before it waits for a page, but only the first time; when it comes again it
 * keeps the lock (__lock_page_or_retry(), mm/filemap.c). Since 6.4 it may do with the lock of the VMA; where that does not
 * do it takes the mmap lock (lock_vma_under_rcu()). Both only leave it further ways, which it need not find open.
 */

import type { Reclaim, Resource, ResourceName, Shown, Statement } from '../vocabulary/model.ts';

const ENTRY: Shown = { in: 'do_page_fault()', at: 'arch/*/mm/fault.c' };
const MEMORY: Shown = { in: 'handle_mm_fault()', at: 'mm/memory.c' };
const FILE: Shown = { in: 'filemap_fault()', at: 'mm/filemap.c' };
const MKWRITE: Shown = { in: '->page_mkwrite', at: 'mm/memory.c' };

type Buffer = Extract<Resource, { kind: 'buffer' }>;

export function faultProgram(
  { mm, maps, faultLocks = [], startsTransaction }: Buffer,
  reclaim: Reclaim | undefined,
): readonly Statement[] {
  const mayReclaim = reclaim !== undefined && Object.values(reclaim).some((ways) => ways !== undefined);
  const program: Statement[] = [];
  if (mm !== undefined) program.push({ do: 'acquire', lock: mm, mode: 'shared', ...ENTRY });
  if (mayReclaim) program.push({ do: 'alloc', mask: 'GFP_KERNEL', isCharged: true, ...MEMORY });
  for (const lock of faultLocks) program.push({ do: 'acquire', lock, mode: 'shared', ...FILE });
  program.push(...passing(maps, FILE));
  if (startsTransaction !== undefined) {
    program.push({ do: 'acquire', lock: startsTransaction, ...MKWRITE }, ...passing(maps, MKWRITE), {
      do: 'release',
      lock: startsTransaction,
      ...MKWRITE,
    });
  }
  for (const lock of faultLocks.toReversed()) program.push({ do: 'release', lock, ...FILE });
  if (mm !== undefined) program.push({ do: 'release', lock: mm, code: `up_read(${mm})`, ...ENTRY });
  return program;
}

/** The lock of the page that is mapped, for a while. */
function passing(page: ResourceName | undefined, shown: Shown): readonly Statement[] {
  if (page === undefined) return [];
  return [
    { do: 'acquire', lock: page, ...shown },
    { do: 'release', lock: page, ...shown },
  ];
}
