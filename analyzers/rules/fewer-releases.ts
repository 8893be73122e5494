/**
 * What follows from a patch that only takes releases of a lock away: the lock is kept where it was given back before. Two
 * images of one function go in; among what comes out are locks that lose their last name while they are held, as in a
 * loop that goes on to the next object.
 */

import { isWithin } from '../flow/paths.ts';
import type { Held } from '../flow/state.ts';
import type { AccessPath, AssignEvent, KernelEvent } from '../vocabulary/event.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import { calleesOf, isExclusiveFamily, isOneObject, isReleasedLess, lockName } from './locks.ts';
import { countBeside } from './lost-unlock.ts';
import type { Hit, Run } from './types.ts';

/** Locks whose last name `after` gives to something else, and which `before` had given back by then. */
export function lostNames(before: Run, after: Run): Hit[] {
  if (after.exploration?.isBounded !== false || before.exploration?.isBounded === true) return [];
  if ([before, after].some(({ unit }) => unit.sight === 'hunk')) return [];
  const old = new Set(renamed(before).map(({ key }) => key));
  const said = new Set<KernelEvent>();
  return renamed(after).flatMap(({ key, event, held, object }): Hit[] => {
    if (old.has(key) || said.has(event) || !isExclusiveFamily(held.lock, after)) return [];
    if (!takesIt(before, held.lock, object) || !onlyLosesReleases(before, after, held.lock, object))
      return [];
    if (countBeside(after, held.lock) > countBeside(before, held.lock)) return [];
    said.add(event);
    const name = lockName(held.lock, object, after);
    return [
      {
        event,
        message: `lets go of ${name} without releasing it`,
        steps: [
          { event: held.since, what: `takes ${name}` },
          { event, what: `gives ${event.target} another value; before, the lock was released by then` },
        ],
        assumptions: [],
      },
    ];
  });
}

interface Renamed {
  readonly key: string;
  readonly event: AssignEvent;
  readonly held: Held;
  readonly object: AccessPath;
}

/** Assignments that take a lock's last name away. */
function renamed({ visits }: Run): Renamed[] {
  return visits.flatMap(({ event, state }): Renamed[] => {
    if (event.kind !== 'assign' || (event.value.kind === 'path' && event.value.path === event.target))
      return [];
    return state.held.flatMap((held): Renamed[] => {
      const { since, names, lock } = held;
      if (since.kind !== 'acquire' || since.object === null || since.site.offset < 0) return [];
      // Whether it worked is asked later, perhaps by another name.
      if (since.outcome.sign !== 'always') return [];
      if (
        held.isPrivate ||
        !isOneObject(since.object) ||
        !names.every((name) => isWithin(name, event.target))
      )
        return [];
      return [{ key: `${lock} ${since.object} ${event.target}`, event, held, object: since.object }];
    });
  });
}

/** Whether it takes the lock itself, by that name. */
export function takesIt({ events }: Run, lock: LockClass, object: AccessPath): boolean {
  return events.some(
    (event) =>
      event.kind === 'acquire' && event.lock === lock && event.object === object && event.site.offset >= 0,
  );
}

/**
 * The patch takes releases of the lock away, and neither takes it elsewhere nor asks nor calls anything new: whoever led
 * round the release before still does, and who came past it before comes past none now.
 */
export function onlyLosesReleases(before: Run, after: Run, lock: LockClass, object: AccessPath): boolean {
  if (!isReleasedLess(before, after, lock, object)) return false;
  const calls = calleesOf(before.events);
  if ([...calleesOf(after.events)].some((callee) => !calls.has(callee))) return false;
  const tests = new Set(testsOf(before));
  return testsOf(after).every((test) => tests.has(test));
}

/** What the function's tests ask, without their places. */
function testsOf({ unit }: Run): string[] {
  return unit.graph.blocks.flatMap(({ jump }) =>
    jump.kind === 'branch'
      ? [JSON.stringify(jump.test, (key, part: unknown) => (key === 'start' || key === 'end' ? null : part))]
      : [],
  );
}
