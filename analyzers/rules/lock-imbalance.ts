/**
 * A way out of a function on which a lock stays held that the function gives back on others, and by nothing that the
 * caller sees can it tell which. Some functions return with a lock held on purpose: they do so on every way out, or say
 * so by what they return, or were told by an argument.
 */

import { type BlockId, leadsTo, successors } from '../c/graph.ts';
import { isReleasedAhead } from '../flow/ahead.ts';
import { aliasesOf } from '../flow/aliases.ts';
import { areToldApart, isFailure, isHeldAtExit, isVoid, returnedSet } from '../flow/exits.ts';
import type { Exit, Exploration, Visit } from '../flow/explore.ts';
import { isReachable, ownersOf } from '../flow/paths.ts';
import { familySet } from '../flow/prospect.ts';
import type { Held, State } from '../flow/state.ts';
import { NEGATIVE } from '../flow/values.ts';
import type { AccessPath, KernelEvent } from '../vocabulary/event.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import { lostNames, onlyLosesReleases, takesIt } from './fewer-releases.ts';
import {
  calleesOf,
  EXCLUSIVE_FAMILIES,
  isExclusiveFamily,
  isOneObject,
  isReleasedLess,
  lockName,
} from './locks.ts';
import { countBeside, lostUnlocks } from './lost-unlock.ts';
import type { Hit, Rule, RuleContext, Run } from './types.ts';

export const lockImbalance: Rule = {
  meta: {
    id: 'lock-imbalance',
    summary:
      'a function that leaves a lock held on one way out and not on another, and its caller cannot tell',
    why: 'Nobody will release the lock: whoever asks for it next waits for ever, and often that is the same task.',
    fix: 'release the lock on this way out too, or go to the label that does',
    threads: [],
    confidence: 'likely',
  },
  lens: 'locks',
  families: EXCLUSIVE_FAMILIES,
  kinds: [],
  // One that gives nothing back any more may be the bug, beside what it was.
  needs: [['acquire']],
  mayMatter: ({ leaves, isUnbounded }) => isUnbounded || (leaves & familySet(EXCLUSIVE_FAMILIES)) !== 0,
  checkFunction: leaksOf,
  compare(before, after) {
    const leaks = [...newLeaks(before, after), ...keptOnFailure(before, after)];
    const said = new Set(leaks.flatMap(({ steps }) => steps.map(({ event }) => event)));
    const lost = lostNames(before, after).filter(({ steps }) => !steps.some(({ event }) => said.has(event)));
    return [...leaks, ...lost, ...lostUnlocks(before, after)];
  },
};

/** A lock of this function's own that is held at a way out. */
interface Leak {
  readonly exit: Exit;
  readonly held: Held;
  /** The name by which it was taken. */
  readonly object: AccessPath;
}

/** Locks that only their holder gives back: a buffer's is released by completion, a semaphore by anybody. */
function isOwned(lock: LockClass, context: RuleContext): boolean {
  const family = context.lockClasses.get(lock)?.family;
  return (
    isExclusiveFamily(lock, context) &&
    family !== 'buffer' &&
    family !== 'semaphore' &&
    lock !== 'freeze-protection'
  );
}

/** Per exit of the code and lock one leak. */
function heldAtExits(exploration: Exploration, includesDoubtful = false): Leak[] {
  const leaks: Leak[] = [];
  for (const exit of exploration.exits) {
    for (const held of exit.state.held) {
      const { since, isPrivate } = held;
      if (since.kind !== 'acquire' || since.object === null || since.site.offset < 0) continue;
      if (isPrivate || (held.isDoubtful === true && !includesDoubtful)) continue;
      if (isOneObject(since.object) || isOneElement(exploration, held))
        leaks.push({ exit, held, object: since.object });
    }
  }
  return leaks;
}

/** One element of an array of locks: no loop takes or gives back more of them. */
function isOneElement({ visits, sequence }: Exploration, { lock, since, names }: Held): boolean {
  if (since.kind !== 'acquire' || !isOneObject(since.object?.replaceAll('[]', '') ?? '@')) return false;
  return visits.every(({ event, block }) => {
    const isIts = event === since || (event.kind === 'release' && event.lock === lock);
    if (!isIts || (event.object !== null && !names.includes(event.object))) return true;
    const next = sequence.blocks[block];
    return next === undefined || successors(next.jump).every((to) => !leadsTo(sequence, to, block));
  });
}

function leaksOf(exploration: Exploration, context: RuleContext): Hit[] {
  const { visits, exits, isBounded } = exploration;
  if (isBounded || context.sight === 'hunk') return [];
  const leaks = heldAtExits(exploration).filter(({ held }) => isOwned(held.lock, context));
  if (leaks.length === 0) return [];
  const acquires = new Map<KernelEvent, Visit>();
  for (const visit of visits) if (visit.event.kind === 'acquire') acquires.set(visit.event, visit);
  return leaks.flatMap(({ exit, held, object }): Hit[] => {
    const taken = acquires.get(held.since);
    // Somewhere the function itself gives it back.
    if (taken === undefined || !isReleasedAhead(exploration.sequence, taken, held.lock, held.names))
      return [];
    // What was returned is the caller's.
    if (
      exit.event !== null &&
      exit.event.value !== null &&
      held.names.some((name) => isSameRoot(name, exit.event?.value ?? ''))
    )
      return [];
    if (isGivenUnseen(exploration, held) || isStored(held, exit.state)) return [];
    const releasing = new Set(
      visits.flatMap(({ event, block }) => (isReleaseOf(event, held) ? [block] : [])),
    );
    const free = exits.filter(
      ({ state, block }) =>
        !state.held.some((one) => isSameLock(one, held)) &&
        (state.released.some((one) => isSameLock(one, held)) ||
          ((isFailure(exit) || !isReachedUnlocked(exploration, taken, block)) &&
            [...releasing].some((from) => leadsTo(exploration.sequence, from, block)))),
    );
    if (!isMistaken(exit, free, context)) return [];
    if (!isHeldAtExit(exploration, exit, held)) return [];
    return [leakHit(held, object, exit, context, 'other ways out release it')];
  });
}

/** A way leads there past the place that takes the lock. */
function isReachedUnlocked({ sequence }: Exploration, taken: Visit, exit: BlockId): boolean {
  return taken.block !== exit && leadsTo(sequence, sequence.entry, exit, taken.block);
}

/** The function gives back such a lock that it never took, or may do so. */
function isGivenUnseen({ start, unmatched }: Exploration, held: Held): boolean {
  if (start.held.some((one) => isSameLock(one, held))) return true;
  return [...unmatched].some(
    ({ lock, object }) => lock === held.lock && (object === null || held.names.includes(object)),
  );
}

/** What was locked stands where others find it, and the lock goes with it. */
function isStored({ names }: Held, { aliases }: State): boolean {
  const objects = names.flatMap((name) => [name, ...ownersOf(name)]);
  return objects.some((name) => !isReachable(name) && aliasesOf(aliases, name).some(isReachable));
}

function isSameRoot(name: AccessPath, value: string): boolean {
  return name === value || name.startsWith(`${value}->`) || name.startsWith(`&${value}->`);
}

/** Whether this way out keeps the lock by mistake, judged by those on which it is not held. */
function isMistaken(exit: Exit, free: readonly Exit[], { unit }: RuleContext): boolean {
  const others = free.filter((other) => !areToldApart(exit, other, unit.parameters) || isFailure(exit));
  if (others.length === 0) return false;
  if (isVoid(exit)) return true;
  // An error is reported, and the lock is kept: no caller expects that if success releases it.
  if (isFailure(exit)) return !free.every((other) => isToldByArgument(exit, other, unit.parameters));
  const value = exit.event?.value ?? null;
  return (
    value !== null &&
    /^(\d|NULL$|true$|false$)/.test(value) &&
    others.some((other) => other.event?.value === value)
  );
}

function isToldByArgument(a: Exit, b: Exit, parameters: readonly string[]): boolean {
  return areToldApart({ ...a, event: null }, { ...b, event: null }, parameters);
}

function leakHit(
  held: Held,
  object: AccessPath,
  { event }: Exit,
  context: Pick<RuleContext, 'lockClasses'>,
  others: string,
): Hit {
  const name = lockName(held.lock, object, context);
  // Control may run to the closing brace: then the lock itself is the place.
  return {
    event: event ?? held.since,
    message: `returns with ${name} held`,
    steps: [
      { event: held.since, what: `takes ${name}` },
      ...(event === null ? [] : [{ event, what: `returns without releasing it; ${others}` }]),
    ],
    assumptions: [],
  };
}

/** How functions are called that return with a lock. */
const TAKES = /(?:^|_)(?:lock|trylock|acquire|enter|begin|hold)(?:_|$)/;

/** Locks that `before` gave back on every way out, and `after` does not on some. */
function newLeaks(before: Run, after: Run): Hit[] {
  // An old function that was not explored cannot have left a lock.
  if (after.exploration === null || after.exploration.isBounded || before.exploration?.isBounded === true)
    return [];
  const leaks = heldAtExits(after.exploration, true).filter(({ held }) =>
    isExclusiveFamily(held.lock, after),
  );
  if (leaks.length === 0) return [];
  const old = before.exploration === null ? [] : heldAtExits(before.exploration, true);
  const calls = calleesOf(before.events);
  const isPartial = after.unit.sight === 'hunk';
  // Who releases nothing at all may have become a function that takes locks for its callers.
  const isForCallers = !after.events.some(({ kind }) => kind === 'release');
  if (isForCallers && TAKES.test(after.unit.name ?? '')) return [];
  const said = new Set<KernelEvent>();
  const { exploration } = after;
  return leaks.flatMap(({ exit, held, object }): Hit[] => {
    const place = exit.event ?? held.since;
    if (said.has(place) || !takesIt(before, held.lock, object)) return [];
    const isLess = onlyLosesReleases(before, after, held.lock, object);
    if ((held.isDoubtful === true || isForCallers) && !isLess) return [];
    const kept = old.filter((leak) => leak.held.lock === held.lock && leak.object === object);
    if (kept.some((leak) => !isLess || !areOtherWays(leak.exit, exit))) return [];
    // It is called with the lock, drops it for a while and returns with it.
    if (kept.length > 0 && isGivenUnseen(exploration, held)) return [];
    // What is called now and was not may release it.
    if (held.handedTo.some(({ callee }) => !calls.has(callee))) return [];
    // Now the caller does, or a new helper.
    if (countBeside(after, held.lock) > countBeside(before, held.lock)) return [];
    if (isPartial && isTakenMore(before, after, held.lock)) return [];
    said.add(place);
    return [leakHit(held, object, exit, after, 'before, every way out released it')];
  });
}

/**
 * Locks that `before` kept for its caller only if it succeeded, and `after` keeps whatever it returns. What the old code
 * released behind a call, that call has not released.
 */
function keptOnFailure(before: Run, after: Run): Hit[] {
  const [old, now] = [before.exploration, after.exploration];
  if (old === null || now === null || old.isBounded || now.isBounded) return [];
  if (after.unit.sight === 'hunk' || before.unit.sight === 'hunk') return [];
  const calls = calleesOf(before.events);
  if ([...calleesOf(after.events)].some((callee) => !calls.has(callee))) return [];
  const leaks = heldAtExits(now).filter(({ held }) => isExclusiveFamily(held.lock, after));
  const said = new Set<KernelEvent>();
  return leaks.flatMap(({ exit, held, object }): Hit[] => {
    const value = exit.event?.value ?? null;
    if (exit.event === null || value === null || said.has(exit.event) || !mayFail(exit)) return [];
    if (!isReleasedLess(before, after, held.lock, object)) return [];
    if (countBeside(after, held.lock) > countBeside(before, held.lock)) return [];
    const isHeldThere = ({ state }: Exit): boolean => state.held.some((one) => isSameLock(one, held));
    if (old.exits.some((one) => isHeldThere(one) && mayFail(one))) return [];
    const wasReleased = old.exits.some(
      (one) =>
        one.event?.value === value &&
        isFailure(one) &&
        one.state.released.some((released) => isSameLock(released, held)),
    );
    // Some failures come back without it: the caller cannot tell.
    const isFree = now.exits.some((one) => isFailure(one) && !isHeldThere(one));
    if (!wasReleased || !isFree || !old.exits.some(isHeldThere)) return [];
    said.add(exit.event);
    return [leakHit(held, object, exit, after, 'before, a failure released it')];
  });
}

/** A negative value, for all that is known. */
function mayFail(exit: Exit): boolean {
  const may = returnedSet(exit);
  return may === null ? !isVoid(exit) : (may & NEGATIVE) !== 0 || isFailure(exit);
}

/** What the two ways out return is spelt differently: that the lock was kept on the one says nothing of the other. */
function areOtherWays(a: Exit, b: Exit): boolean {
  return a.event !== null && b.event !== null && a.event.site.code !== b.event.site.code;
}

/** Of a piece of a function: it may be called with the lock, and take it back for its caller. */
function isTakenMore(before: Run, after: Run, lock: LockClass): boolean {
  const takes = ({ events }: Run): number =>
    events.filter((event) => event.kind === 'acquire' && event.lock === lock).length;
  return (
    takes(after) > takes(before) || [...(after.exploration?.unmatched ?? [])].some((one) => one.lock === lock)
  );
}

function isReleaseOf(event: KernelEvent, { lock, names }: Held): boolean {
  return (
    event.kind === 'release' && event.lock === lock && event.object !== null && names.includes(event.object)
  );
}

function isSameLock(a: Pick<Held, 'lock' | 'names'>, b: Held): boolean {
  return a.lock === b.lock && a.names.some((name) => b.names.includes(name));
}
