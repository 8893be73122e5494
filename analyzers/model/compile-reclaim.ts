/**
 * What an allocation may do when it enters reclaim (__alloc_pages_slowpath(), mm/page_alloc.c, and try_to_free_pages(), mm/
 * vmscan.c; for charges try_charge() and try_to_free_mem_cgroup_pages(), mm/memcontrol.c and mm/vmscan.c). A task in reclaim
 * has PF_MEMALLOC, with which its own allocations do not enter it again.
 *
 * A page is looked at only if its lock is free (TestSetPageLocked() or trylock_page() in shrink_page_list()). Inodes are
 * evicted, and the caches of filesystems shrunk, only if the mask allows the filesystem (shrink_icache_memory(), fs/inode.c,
 * until 3.0; then prune_super(), called super_cache_scan() since 3.12, fs/super.c). An eviction starts a transaction for the blocks of a file that is gone,
 * and for its quota (ext3_delete_inode() and ext3_write_dquot(); ext4_evict_inode(); xfs_inactive() until 5.13).
 */

import type { Label, ResourceName, Statement } from '../vocabulary/model.ts';
import { writebackWaits } from './compile-journal.ts';
import type { Entered } from './context.ts';
import type { Era } from './eras.ts';
import { all, is, isNot } from './expression.ts';
import { action, type Graph, set } from './graph.ts';
import type { Layout } from './layout.ts';
import type { Action, NodeId, TaskId } from './machine.ts';
import { renamed } from './rename.ts';

/** The task that reclaims, and where it goes on. */
export interface Reclaimer {
  readonly layout: Layout;
  readonly graph: Graph;
  readonly era: Era;
  readonly task: TaskId;
  readonly label: Label;
  readonly next: NodeId;
  /** How deep the allocation lies in reclaim and page faults. */
  readonly depth: number;
  /** Statements on behalf of the task, in reclaim, before it goes on. */
  readonly inside: (program: readonly Statement[]) => NodeId;
}

/** Ways through reclaim, beside that of having memory at once. */
export function reclaimWays(
  reclaimer: Reclaimer,
  { isCharged = false, isLarge = false }: Extract<Statement, { do: 'alloc' }>,
  { io, fs }: Entered,
): readonly Action[] {
  const { layout, era, label, inside } = reclaimer;
  const { pages = [], writepage, evicts = [], takes = [] } = layout.model.reclaim ?? {};
  const ways: Action[] = [];
  const waits =
    (era.waitsForWriteback === 'charged allocations' && isCharged) ||
    (era.waitsForWriteback === 'large allocations' && isLarge);
  if (waits && (era.waitsIf === 'io' ? io : fs)) ways.push(...pages.map((page) => waitsFor(page, reclaimer)));
  if (!fs) return ways;
  if (era.writesPages && writepage !== undefined) {
    ways.push(...pages.map((page) => writes(page, writepage, reclaimer)));
  }
  for (const lock of evicts) {
    const start = inside([
      { do: 'acquire', lock, ...EVICTION },
      { do: 'release', lock, ...EVICTION },
    ]);
    ways.push(action({ ...label, note: 'enters reclaim, which evicts an inode' }, start));
  }
  for (const lock of takes) {
    const start = inside([
      { do: 'acquire', lock, ...SHRINKER },
      { do: 'release', lock, ...SHRINKER },
    ]);
    ways.push(action({ ...label, note: 'enters reclaim, which calls a shrinker' }, start));
  }
  return ways;
}

/** Looks at the page under its lock, which it gives back before it waits, or in older kernels after that. */
function waitsFor(page: ResourceName, { layout, graph, era, task, label, next, depth }: Reclaimer): Action {
  const writeback = layout.writeback(page);
  const owner = layout.owner(page);
  const wait: Label = {
    code: `wait_on_page_writeback(${page})`,
    in: 'shrink_page_list()',
    at: 'mm/vmscan.c',
    depth: depth + 1,
  };
  const waiting = graph.step(
    wait,
    [action(wait, next, era.keepsPageLock ? [set(owner, 0)] : [], is(writeback, 0))],
    writebackWaits(layout, page),
  );
  return action(
    { ...label, note: 'enters reclaim' },
    waiting,
    era.keepsPageLock ? [set(owner, task + 1)] : [],
    all([isNot(writeback, 0), is(owner, 0)]),
  );
}

/** A dirty page, with its lock held; ->writepage gives it back (pageout(), mm/vmscan.c). */
function writes(
  page: ResourceName,
  writepage: readonly Statement[],
  { layout, task, label, inside }: Reclaimer,
): Action {
  return action(
    { ...label, note: `enters reclaim, which writes ${page}` },
    inside(renamed(writepage, { page })),
    [set(layout.owner(page), task + 1)],
    all([is(layout.writeback(page), 0), is(layout.owner(page), 0)]),
  );
}

const EVICTION = { in: 'evict()', at: 'fs/inode.c' };
const SHRINKER = { in: 'shrink_slab()', at: 'mm/vmscan.c' };
