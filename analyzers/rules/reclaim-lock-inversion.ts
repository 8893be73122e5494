/**
 * A lock that is held over an allocation which may enter filesystem reclaim, and that the writeback or reclaim path
 * of the same file blocks for. Threads: the general statement of the ext4 thread of 2018.
 */

import type { Held } from '../flow/state.ts';
import type { AccessPath, AllocEvent } from '../vocabulary/event.ts';
import { isTransaction, type LockClass } from '../vocabulary/lock.ts';
import { entersFilesystemReclaim, isFarAway, scopeAssumptions } from './conditions.ts';
import { isOneObject } from './locks.ts';
import type { Hit, Role, Rule, RuleContext, TakenByReclaim } from './types.ts';

/** Of the filesystem's locks, those of which the knowledge says that reclaim, or a commit that it waits for, takes them. */
function isTakenInReclaim(lock: LockClass, { lockClasses }: Role): boolean {
  return !isTransaction(lock) && lockClasses.get(lock)?.isInReclaim === true;
}

/** Not the flusher, which others wait for, but the task that reclaims. */
const RECLAIM_TAKES_IT = ['reclaim-takes-lock'];

export const reclaimLockInversion: Rule = {
  meta: {
    id: 'reclaim-lock-inversion',
    summary:
      'a lock that writeback or reclaim takes is held over an allocation that may enter filesystem reclaim',
    why:
      'If the lock can be held over such an allocation, then writeback must not take it: the allocation waits for ' +
      'reclaim or for writeback, and that waits for the lock. lockdep does not see the waits in between.',
    fix: 'allocate with GFP_NOFS (or in a memalloc_nofs_save() scope) under that lock, or before it is taken',
    threads: ['2018-10-ext4-fault-vs-writeback', '2007-10-unionfs-writepage-activate'],
    scenarios: ['reclaim-lock-inversion'],
    isRuling: true,
    confidence: 'likely',
  },
  lens: 'locks',
  families: ['mutex', 'rwsem', 'semaphore', 'transaction'],
  kinds: ['alloc'],
  needs: [['acquire', 'alloc']],
  mayMatter: (prospect, role) =>
    prospect.mayBeUnderSome('alloc', (lock) => isTakenInReclaim(lock, role) || role.isTakenByReclaim(lock)),
  check(visit, context) {
    const { event, state } = visit;
    // Many filesystems take __GFP_FS from their mappings: the mapping's own mask is too little to speak of.
    if (event.kind !== 'alloc' || event.assumption !== null) return null;
    if (!entersFilesystemReclaim(event, state, context)) return null;
    for (const held of state.held) {
      if (held.isPrivate || !context.isHeld(visit, held)) continue;
      const known = byKnowledge(event, held, context);
      const hit = known ?? byFile(event, held, context) ?? byTree(event, held, context);
      if (hit === null) continue;
      return context.mayBeInNofs() || (hit === known && context.isOfMount()) ? null : hit;
    }
    return null;
  },
};

/** Of its class the knowledge says that reclaim takes it. */
function byKnowledge(event: AllocEvent, held: Held, context: RuleContext): Hit | null {
  if (!isTakenInReclaim(held.lock, context) || isFarAway(event)) return null;
  const title = context.lockClasses.get(held.lock)?.title ?? held.lock;
  return {
    event,
    message: `allocation may enter filesystem reclaim while ${title} is held, which reclaim may wait for`,
    steps: [
      { event: held.since, what: `takes ${title}` },
      { event, what: `allocates with filesystem reclaim allowed, ${title} still held` },
    ],
    assumptions: ['reclaim may evict an inode of this filesystem', ...scopeAssumptions(context)],
    scenarios: RECLAIM_TAKES_IT,
  };
}

/** A method of the file takes it. */
function byFile(event: AllocEvent, held: Held, context: RuleContext): Hit | null {
  for (const name of held.names) {
    // Of an array of locks, it may be another one.
    const taken = isOneObject(name) ? context.takenByReclaim(held.lock, name) : null;
    if (taken !== null) return hitOf(event, held, name, taken, context);
  }
  return null;
}

/** A method anywhere in the tree takes a lock that is the same member of the same structure. */
function byTree(event: AllocEvent, held: Held, context: RuleContext): Hit | null {
  const name = held.names.find(isOneObject);
  const taken = name === undefined || isFarAway(event) ? null : context.takenInTree('reclaim', held);
  return taken === null || name === undefined ? null : hitOf(event, held, name, taken, context);
}

function hitOf(
  event: AllocEvent,
  held: Held,
  name: AccessPath,
  { event: acquire, by, path, file }: TakenByReclaim,
  context: RuleContext,
): Hit {
  return {
    event,
    message: `allocation may enter filesystem reclaim while ${name} is held, which ${by}() takes`,
    steps: [
      {
        event: acquire,
        what: `${path}: ${by}() blocks for ${name}`,
        ...(file !== undefined && { path: file }),
      },
      { event: held.since, what: `takes ${name}` },
      { event, what: `allocates with filesystem reclaim allowed, ${name} still held` },
    ],
    assumptions: [
      `both are the ${name.replace(/^.*(?:->|\.)/, '')} of one object`,
      ...scopeAssumptions(context),
    ],
    ...(!/^writepages? /.test(path) && { scenarios: RECLAIM_TAKES_IT }),
  };
}
