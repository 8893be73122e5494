/** What is known of a task at a statement without running it: scopes and open handles follow from the statements in front. */

import type { Mask, ModelScope, ResourceName } from '../vocabulary/model.ts';

export interface Context {
  readonly scopes: Readonly<Record<ModelScope, number>>;
  /** Per journal how deep the task's handles are nested. */
  readonly handles: Readonly<Record<ResourceName, number>>;
  /** Inside of reclaim, which does not enter itself. */
  readonly isReclaiming: boolean;
}

export const NO_CONTEXT: Context = {
  scopes: { nofs: 0, noio: 0, noreclaim: 0, pagefault: 0, atomic: 0 },
  handles: {},
  isReclaiming: false,
};

export function keyOf({ scopes, handles, isReclaiming }: Context): string {
  const open = Object.entries(handles).filter(([, depth]) => depth > 0);
  return `${Object.values(scopes).join(',')} ${open
    .map(([name, depth]) => `${name}:${depth}`)
    .toSorted()
    .join(',')} ${isReclaiming}`;
}

/** Leaving a scope that was never entered says that the task began inside of it; nothing follows for what comes. */
export function moved(context: Context, scope: ModelScope, by: 1 | -1): Context {
  const depth = Math.max(0, context.scopes[scope] + by);
  return { ...context, scopes: { ...context.scopes, [scope]: depth } };
}

export function depthOf({ handles }: Context, journal: ResourceName): number {
  return handles[journal] ?? 0;
}

export function withHandle(context: Context, journal: ResourceName, by: 1 | -1): Context {
  const depth = Math.max(0, depthOf(context, journal) + by);
  return { ...context, handles: { ...context.handles, [journal]: depth } };
}

/** What an allocation may enter. */
export interface Entered {
  readonly reclaim: boolean;
  readonly io: boolean;
  readonly fs: boolean;
}

/**
 * The mask as far as scopes leave it: `current_gfp_context()`, include/linux/sched/mm.h. PF_MEMALLOC keeps a task out of
 * reclaim (__alloc_pages_slowpath(), mm/page_alloc.c; try_charge(), mm/memcontrol.c). An open handle is a NOFS scope where its
 * journal says so: jbd2 since 4.12 (start_this_handle() calls memalloc_nofs_save()), XFS likewise (xfs_trans_alloc()); jbd,
 * reiserfs, btrfs and jbd2 before never.
 */
export function effectiveMask(
  mask: Mask,
  context: Context,
  nofsJournals: ReadonlySet<ResourceName>,
): Entered {
  const { scopes, isReclaiming, handles } = context;
  const isInTransaction = Object.entries(handles).some(
    ([journal, depth]) => depth > 0 && nofsJournals.has(journal),
  );
  const reclaim = mask !== 'GFP_NOWAIT' && scopes.noreclaim === 0 && !isReclaiming;
  const io = reclaim && mask !== 'GFP_NOIO' && scopes.noio === 0;
  const fs = io && mask === 'GFP_KERNEL' && scopes.nofs === 0 && !isInTransaction;
  return { reclaim, io, fs };
}

export function isAtomic({ scopes }: Context): boolean {
  return scopes.atomic > 0;
}
