/**
 * What lies ahead of a point: a lock that the function itself gives back further down, without taking it anew, was
 * held all the while, whatever the unknown functions did that got at it in between.
 */

import type { AccessPath, Scope } from '../vocabulary/event.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import type { Visit } from './explore.ts';
import { isWithin } from './paths.ts';
import type { Prepared } from './prepare.ts';
import { type Place, reach } from './reach.ts';
import type { Held } from './state.ts';
import { isSomething } from './values.ts';

/** Whether some way from behind the point leaves the scope before it enters it again. */
export function isScopeLeftAhead(sequence: Prepared, point: Place, scope: Scope): boolean {
  const left = reach(sequence, point, (event) => {
    if (event.kind === 'scopeLeave' && event.scope === scope) return 'found';
    return event.kind === 'scopeEnter' && event.scope === scope ? 'stop' : 'on';
  });
  return left !== null;
}

/** Whether the lock is held there whatever the unknown functions did that got at it. */
export function isHeldForSure(sequence: Prepared, point: Visit, held: Held): boolean {
  const { handedTo, lock, names, isDoubtful, mayBeNull } = held;
  return (
    isDoubtful !== true &&
    (handedTo.length === 0 || isReleasedAhead(sequence, point, lock, names)) &&
    (mayBeNull !== true || names.some((name) => isSomething(point.state, name)))
  );
}

/** Whether some way from behind the point comes to a release of the lock by one of these names, still unchanged. */
export function isReleasedAhead(
  sequence: Prepared,
  point: Place,
  lock: LockClass,
  names: readonly AccessPath[],
): boolean {
  const given = reach(sequence, point, (event) => {
    if (
      event.kind === 'release' &&
      event.lock === lock &&
      event.object !== null &&
      names.includes(event.object)
    )
      return 'found';
    const isTaken = event.kind === 'acquire' && event.passing !== true && event.lock === lock;
    const isRenamed = event.kind === 'assign' && names.some((name) => isWithin(name, event.target));
    return isTaken || isRenamed ? 'stop' : 'on';
  });
  return given !== null;
}
