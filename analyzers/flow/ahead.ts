/**
 * What lies ahead of a point: a lock that the function itself gives back further down, without taking it anew, was
 * held all the while, whatever the unknown functions did that got at it in between.
 */

import type { BlockId } from '../c/graph.ts';
import type { AccessPath, KernelEvent, Scope } from '../vocabulary/event.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import { isWithin } from './paths.ts';
import { type Prepared, successors } from './prepare.ts';

/** Blocks looked at from one point. Functions have some dozens. */
const MAX_BLOCKS = 2_000;

/** A point of a sequence: in front of the event with that index. */
export interface Point {
  readonly block: BlockId;
  readonly index: number;
}

/** Whether some way from behind the point leaves the scope before it enters it again. */
export function isScopeLeftAhead(sequence: Prepared, point: Point, scope: Scope): boolean {
  return comesTo(sequence, point, (event) => {
    if (event.kind === 'scopeLeave' && event.scope === scope) return 'found';
    const ends = event.kind === 'scopeEnter' && event.scope === scope;
    return ends || event.kind === 'stop' || event.kind === 'unreadable' ? 'closed' : 'open';
  });
}

/** Whether some way from behind the point comes to a release of the lock by one of these names, still unchanged. */
export function isReleasedAhead(
  sequence: Prepared,
  point: Point,
  lock: LockClass,
  names: readonly AccessPath[],
): boolean {
  return comesTo(sequence, point, (event) => {
    if (
      event.kind === 'release' &&
      event.lock === lock &&
      event.object !== null &&
      names.includes(event.object)
    )
      return 'found';
    const isTaken = event.kind === 'acquire' && event.passing !== true && event.lock === lock;
    const isRenamed = event.kind === 'assign' && names.some((name) => isWithin(name, event.target));
    return isTaken || isRenamed || event.kind === 'stop' || event.kind === 'unreadable' ? 'closed' : 'open';
  });
}

/** Whether some way from behind the point comes to an event that is looked for; one that closes a way ends it. */
function comesTo(
  { blocks }: Prepared,
  { block, index }: Point,
  look: (event: KernelEvent) => 'found' | 'closed' | 'open',
): boolean {
  const seen = new Set<BlockId>();
  const stack: Point[] = [{ block, index: index + 1 }];
  for (let point = stack.pop(); point !== undefined; point = stack.pop()) {
    const current = blocks[point.block];
    if (current === undefined) continue;
    let isOpen = true;
    for (let at = point.index; at < current.events.length && isOpen; at++) {
      const event = current.events[at];
      if (event === undefined) continue;
      const seenNow = look(event);
      if (seenNow === 'found') return true;
      isOpen = seenNow === 'open';
    }
    if (!isOpen) continue;
    for (const to of successors(current.jump)) {
      if (seen.has(to) || seen.size >= MAX_BLOCKS) continue;
      seen.add(to);
      stack.push({ block: to, index: 0 });
    }
  }
  return false;
}
