/**
 * A lock that a function was called with shows in one of its two images only, where it drops the lock for a while. Both
 * images go in; each comes out as it is when it starts with what the other proves.
 */

import type { ContextLock } from '../flow/file-flow.ts';
import { rootOf } from '../flow/paths.ts';
import type { KernelEvent } from '../vocabulary/event.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import type { UnitAnalysis } from './analyze-unit.ts';

export interface Images {
  readonly pre: UnitAnalysis | null;
  readonly post: UnitAnalysis | null;
}

export function assumingEachOther(pre: UnitAnalysis | null, post: UnitAnalysis | null): Images {
  // A piece of a function may begin behind the place where its lock was taken.
  if (pre === null || post === null || pre.unit.sight === 'hunk' || post.unit.sight === 'hunk')
    return { pre, post };
  return { pre: assuming(pre, post), post: assuming(post, pre) };
}

function assuming(own: UnitAnalysis, other: UnitAnalysis): UnitAnalysis {
  const locks = locksAtStart(other).filter(({ lock, object }) => {
    // Who works on such a lock itself says what it was called with.
    if (own.events.some((event) => isOf(event, lock))) return false;
    if (own.events.some((event) => event.kind === 'assign' && event.target === rootOf(object))) return false;
    // Callers that take the lock less, or drop it, may be what the patch is about.
    return (
      count(own, lock, 'acquire') === count(other, lock, 'acquire') &&
      count(own, lock, 'release') === count(other, lock, 'release')
    );
  });
  return locks.length === 0 ? own : own.assuming(locks);
}

/** Locks that a function drops and takes again on every way, and returns with. */
function locksAtStart({ explorations, unit }: UnitAnalysis): ContextLock[] {
  const found = new Map<string, ContextLock>();
  for (const { start, exits, visits, isBounded } of explorations.values()) {
    if (isBounded) continue;
    for (const { lock, names, isInherited, isProven } of start.held) {
      const [object] = names;
      if (isInherited !== true || isProven === true || object === undefined) continue;
      const isHeldAtEnd = exits.every(({ state }) =>
        state.held.some((held) => held.lock === lock && held.names.includes(object)),
      );
      const isTakenAgain = visits.some(
        ({ event }) => event.kind === 'acquire' && event.lock === lock && event.object === object,
      );
      if (!isHeldAtEnd || !isTakenAgain) continue;
      const why = `${unit.name ?? 'the function'}()`;
      found.set(`${lock} ${object}`, { lock, object, why, isProven: true });
    }
  }
  return [...found.values()];
}

function isOf(event: KernelEvent, lock: LockClass): boolean {
  return (event.kind === 'acquire' || event.kind === 'release') && event.lock === lock;
}

function count(analysis: UnitAnalysis, lock: LockClass, kind: 'acquire' | 'release'): number {
  return analysis.beside().filter((event) => event.kind === kind && isOf(event, lock)).length;
}
