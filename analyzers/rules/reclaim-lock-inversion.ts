/**
 * A lock that is held over an allocation which may enter filesystem reclaim, and that the writeback or reclaim path
 * of the same file blocks for. Threads: the general statement of the ext4 thread of 2018.
 */

import { isTransaction, type LockClass } from '../vocabulary/lock.ts';
import { entersFilesystemReclaim, isFarAway, scopeAssumptions } from './conditions.ts';
import { isOneObject } from './locks.ts';
import type { Role, Rule } from './types.ts';

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
      if (isTakenInReclaim(held.lock, context) && !isFarAway(event)) {
        if (context.mayBeInNofs() || context.isOfMount()) return null;
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
      for (const name of held.names) {
        // Of an array of locks, it may be another one.
        if (!isOneObject(name)) continue;
        const taken = context.takenByReclaim(held.lock, name);
        if (taken === null) continue;
        if (context.mayBeInNofs()) return null;
        return {
          event,
          message: `allocation may enter filesystem reclaim while ${name} is held, which ${taken.by}() takes`,
          steps: [
            { event: taken.event, what: `${taken.path}: ${taken.by}() blocks for ${name}` },
            { event: held.since, what: `takes ${name}` },
            { event, what: `allocates with filesystem reclaim allowed, ${name} still held` },
          ],
          assumptions: [
            `both are the ${name.replace(/^.*(?:->|\.)/, '')} of one object`,
            ...scopeAssumptions(context),
          ],
          ...(!/^writepages? /.test(taken.path) && { scenarios: RECLAIM_TAKES_IT }),
        };
      }
    }
    return null;
  },
};
