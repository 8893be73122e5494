/** A task that blocks for a lock which it holds, or gives back one that it has given back. */

import type { Visit } from '../flow/explore.ts';
import { EXCLUSIVE_FAMILIES, isExclusiveFamily, isOneObject, lockName } from './locks.ts';
import type { Hit, Rule, RuleContext } from './types.ts';

export const doubleLock: Rule = {
  meta: {
    id: 'double-lock',
    summary: 'blocking for a lock that is held already, or releasing one that was released',
    why:
      'No lock of the kernel but the old big one may be taken twice by one task: it waits for itself. A lock that is released ' +
      'twice may by then be another task’s.',
    fix: 'take the lock once, and release it once on each path',
    threads: [],
    confidence: 'likely',
  },
  lens: 'locks',
  families: EXCLUSIVE_FAMILIES,
  kinds: [],
  needs: [['acquire'], ['release']],
  mayMatter: ({ repeats, isUnbounded }) => isUnbounded || repeats !== 0,
  check: (visit, context) => lockedTwice(visit, context) ?? releasedTwice(visit, context),
};

function lockedTwice(visit: Visit, context: RuleContext): Hit | null {
  const { event, state } = visit;
  if (event.kind !== 'acquire' || !event.blocks) return null;
  const { lock, object } = event;
  if (object === null || !isOneObject(object) || !isExclusiveFamily(lock, context)) return null;
  const held = state.held.find((one) => one.lock === lock && one.names.includes(object));
  // That it is taken again says by itself that whoever got it in between has released it.
  if (held === undefined || held.handedTo.length > 0 || held.isDoubtful === true) return null;
  if (event.isBehindUnknown === true || held.since.site.offset === event.site.offset) return null;
  const { since } = held;
  // Readers share it.
  if (event.mode === 'shared' && since.kind === 'acquire' && since.mode === 'shared') return null;
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

function releasedTwice({ event, state }: Visit, context: RuleContext): Hit | null {
  if (event.kind !== 'release' || event.isMaybe === true) return null;
  const { lock, object } = event;
  if (object === null || !isOneObject(object) || !isExclusiveFamily(lock, context)) return null;
  if (state.held.some((one) => one.lock === lock)) return null;
  const before = state.released.find((one) => one.lock === lock && one.names.includes(object));
  // What a callee gave back may depend on what it returned.
  if (before === undefined || before.isOld || before.since.via !== undefined) return null;
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
