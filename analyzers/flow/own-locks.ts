/** Locks that a function takes for itself, as its text shows where its paths do not: for its summary. */

import type { BlockId } from '../c/graph.ts';
import type { Sequence } from '../events/sequence.ts';
import type { AcquireEvent } from '../vocabulary/event.ts';
import type { Exploration, Visit } from './explore.ts';

/** `if (x) lock(); … if (x) unlock();`: the function locks for itself, and only if it has to. */
export function isOptional(
  { lock }: AcquireEvent,
  { event, block }: Visit,
  { sequence }: Exploration,
): boolean {
  if (event.via !== undefined) return false;
  const { blocks } = sequence;
  /** Tests that lead straight to blocks of which that is true, with the outcome that does. */
  const testsBefore = (isIt: (id: BlockId) => boolean): string[] =>
    blocks.flatMap(({ jump }) => {
      if (jump.kind !== 'branch' || jump.test === null || jump.whenTrue === jump.whenFalse) return [];
      const { value, expected, equals } = jump.test;
      const name = (outcome: boolean): string => `${value} ${equals ?? ''} ${outcome === expected}`;
      return [...(isIt(jump.whenTrue) ? [name(true)] : []), ...(isIt(jump.whenFalse) ? [name(false)] : [])];
    });
  const object = event.kind === 'acquire' ? event.object : null;
  const releases = (id: BlockId): boolean =>
    blocks[id]?.events.some((one) => one.kind === 'release' && one.lock === lock && one.object === object) ===
    true;
  const taking = testsBefore((id) => id === block);
  return taking.length > 0 && testsBefore(releases).some((test) => taking.includes(test));
}

/** `x_lock()` took it, and behind it stands a call of `x_unlock()`, whose work is done in another file. */
export function isGivenBackByName({ via, site, lock }: AcquireEvent, { blocks }: Sequence): boolean {
  const by = via?.[0]?.callee;
  const partner = by?.replace('lock', 'unlock');
  if (partner === undefined || partner === by) return false;
  return blocks.some(({ events }) =>
    events.some(
      (call) =>
        call.kind === 'call' &&
        call.callee === partner &&
        call.site.offset > site.offset &&
        !events.some(
          (one) => one.kind === 'release' && one.lock === lock && one.site.offset === call.site.offset,
        ),
    ),
  );
}
