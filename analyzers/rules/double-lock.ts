/** A task that blocks for a lock which it holds, or gives back one that it has given back. */

import type { Visit } from '../flow/explore.ts';
import { familySet } from '../flow/prospect.ts';
import type { KernelEvent } from '../vocabulary/event.ts';
import { PAGE_LOCK } from '../vocabulary/lock.ts';
import {
  areReaders,
  calleesOf,
  EXCLUSIVE_FAMILIES,
  isExclusiveFamily,
  isOneObject,
  isReleasedLess,
  lockName,
} from './locks.ts';
import { withoutComparison } from './one-object.ts';
import type { Hit, Rule, RuleContext, Run } from './types.ts';

export const doubleLock: Rule = {
  meta: {
    id: 'double-lock',
    summary: 'blocking for a lock that is held already, or releasing one that was released',
    why:
      'No lock of the kernel but the old big one may be taken twice by one task: it waits for itself. A lock that is released ' +
      'twice may by then be another task’s.',
    fix: 'take the lock once, and release it once on each path',
    threads: [],
    scenarios: ['double-lock'],
    confidence: 'likely',
  },
  lens: 'locks',
  families: EXCLUSIVE_FAMILIES,
  kinds: ['wait'],
  needs: [['acquire'], ['release']],
  mayMatter: (prospect) =>
    prospect.isUnbounded || prospect.repeats !== 0 || prospect.mayBeUnder('wait', familySet(['page'])),
  check: (visit, context) =>
    lockedTwice(visit, context) ?? waitsForOwn(visit, context) ?? releasedTwice(visit, context),
  compare: (before, after) => [
    ...withoutRelease(before, after),
    ...withoutComparison(before, after),
    ...newlyReleasedTwice(before, after),
  ],
};

function lockedTwice(visit: Visit, context: RuleContext): Hit | null {
  const { event, state } = visit;
  if (event.kind !== 'acquire' || !event.blocks) return null;
  const { lock, object } = event;
  if (object === null || !isOneObject(object) || !isExclusiveFamily(lock, context)) return null;
  const held = state.held.find((one) => one.lock === lock && one.names.includes(object));
  // That it is taken again says by itself that whoever got it in between has released it.
  if (held === undefined || held.handedTo.length > 0 || held.isDoubtful === true) return null;
  // Which arguments make the callee lock, nobody sees here.
  if (event.isOptional === true && event.via !== undefined) return null;
  if (event.isBehindUnknown === true || held.since.site.offset === event.site.offset) return null;
  const { since } = held;
  if (mayBeDropped(context, since, event)) return null;
  if (areReaders(event, since)) return null;
  const name = lockName(lock, object, context);
  return {
    event,
    message: `blocks for ${name}, which this path holds already`,
    steps: [
      { event: since, what: held.isInherited === true ? `is called with ${name} held` : `takes ${name}` },
      { event, what: 'waits for itself' },
    ],
    assumptions: [],
  };
}

/** A function or a method that waits until the page is unlocked, called with its lock held. */
function waitsForOwn({ event, state }: Visit, context: RuleContext): Hit | null {
  if (event.kind !== 'wait' || event.condition !== 'page-lock') return null;
  const { object, via } = event;
  // What a callee waits for, it may have unlocked itself.
  if (object === null || !isOneObject(object) || via !== undefined) return null;
  const held = state.held.find((one) => one.lock === PAGE_LOCK && one.names.includes(object));
  if (held === undefined || held.since.site.offset < 0) return null;
  if (held.handedTo.length > 0 || held.isDoubtful === true) return null;
  if (mayBeDropped(context, held.since, event)) return null;
  const name = lockName(PAGE_LOCK, object, context);
  return {
    event,
    message: `waits for ${name}, which this path holds`,
    steps: [
      { event: held.since, what: `takes ${name}` },
      { event, what: 'waits until it is released, and so for itself' },
    ],
    assumptions: [],
  };
}

/** Functions with such names drop locks that nobody hands them: those that they find by themselves. */
const DROPPING = /wait|unlock|release|drop|sleep|schedule|yield|relax|put|free|exit/i;

/** Whether one of those is called in between, in the order of the text. */
function mayBeDropped({ sequence }: RuleContext, since: KernelEvent, event: KernelEvent): boolean {
  return sequence.blocks.some(({ events }) =>
    events.some(
      (call) =>
        call.kind === 'call' &&
        call.site.offset > since.site.offset &&
        call.site.offset < event.site.offset &&
        (call.callee === null || DROPPING.test(call.callee)),
    ),
  );
}

/**
 * A lock that is taken with the old code's release in front of it gone: whoever got at the lock in between did not
 * release it before, or that release would have been one too many.
 */
function withoutRelease(before: Run, after: Run): Hit[] {
  const hits: Hit[] = [];
  const calls = calleesOf(before.events);
  for (const { event, state } of after.visits) {
    if (event.kind !== 'acquire' || !event.blocks || event.via !== undefined || event.object === null)
      continue;
    const { lock, object } = event;
    if (!isOneObject(object) || !isExclusiveFamily(lock, after)) continue;
    const held = state.held.find((one) => one.lock === lock && one.names.includes(object));
    if (held === undefined || held.isDoubtful === true || held.since.site.offset < 0) continue;
    if (areReaders(event, held.since)) continue;
    if (!isReleasedLess(before, after, lock, object)) continue;
    if (held.handedTo.some(({ callee }) => !calls.has(callee))) continue;
    if (hits.some((hit) => hit.event === event)) continue;
    const name = lockName(lock, object, after);
    hits.push({
      event,
      message: `blocks for ${name}, which was released in front of it before`,
      steps: [
        { event: held.since, what: `takes ${name}` },
        { event, what: 'waits for itself: the release in between is gone' },
      ],
      assumptions: [],
    });
  }
  return hits;
}

function releasedTwice(visit: Visit, context: RuleContext): Hit | null {
  // Round a loop of which a hunk shows a part, the name may be another object's.
  if (context.sight === 'hunk' && context.sequence.unseenEntries.length > 0) return null;
  return secondRelease(visit, context);
}

function secondRelease({ event, state }: Visit, context: Pick<RuleContext, 'lockClasses'>): Hit | null {
  if (event.kind !== 'release' || event.isMaybe === true) return null;
  const { lock, object } = event;
  if (object === null || !isOneObject(object) || !isExclusiveFamily(lock, context)) return null;
  // Whether a buffer is locked, and by whom, is asked of its bit.
  if (context.lockClasses.get(lock)?.family === 'buffer') return null;
  if (state.held.some((one) => one.lock === lock)) return null;
  const before = state.released.find((one) => one.lock === lock && one.names.includes(object));
  // What a callee gave back may depend on what it returned.
  if (before === undefined || before.isOld || before.since.via !== undefined) return null;
  // Round a loop, the name may be another object's.
  if (before.since.site.offset === event.site.offset) return null;
  // Another name of the object is one that it may have: a test behind may tell the two apart.
  if (before.since.kind !== 'release' || before.since.object !== object) return null;
  const name = lockName(lock, object, context);
  return {
    event,
    message: `releases ${name} a second time`,
    steps: [
      { event: before.since, what: `releases ${name}` },
      { event, what: 'releases it again, and nothing has taken it in between' },
    ],
    assumptions: [],
  };
}

/** Ways to a second release that the old code had not, beside others that it had. */
function newlyReleasedTwice(before: Run, after: Run): Hit[] {
  if (after.unit.sight === 'hunk' || before.unit.sight === 'hunk') return [];
  if (before.exploration === null || before.exploration.isBounded) return [];
  const old = new Set(secondReleases(before).map(({ key }) => key));
  if (old.size === 0) return [];
  const calls = calleesOf(after.events);
  // A call that is gone may have hidden the old code's.
  if ([...calleesOf(before.events)].some((callee) => !calls.has(callee))) return [];
  const hits = new Map<string, Hit>();
  for (const { key, hit } of secondReleases(after)) if (!old.has(key)) hits.set(key, hit);
  return [...hits.values()];
}

function secondReleases(run: Run): { readonly key: string; readonly hit: Hit }[] {
  return run.visits.flatMap((visit) => {
    const hit = secondRelease(visit, run);
    if (hit === null) return [];
    return [{ key: hit.steps.map(({ event }) => event.site.code).join('\0'), hit }];
  });
}
