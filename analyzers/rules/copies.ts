/**
 * What rules remember of user data that is copied into a page without a page fault: that it was copied, that the copy
 * came short, that the rest was cleared. Paths on which it came short are kept apart from those on which it did not.
 */

import type { Condition } from '../events/sequence.ts';
import type { MarkChange } from '../flow/explore.ts';
import type { State } from '../flow/state.ts';
import type { CopyEvent, FaultEvent, KernelEvent, ValueKey } from '../vocabulary/event.ts';

/** A copy was made and may have come short. */
export const COPIED = 'copy';
/** It came short: the rest of the range still has its old content. */
export const SHORT = 'copy:short';
/** Part of it was copied for sure: another try begins behind that. */
export const PROGRESS = 'copy:progress';
/** It came short, and the rest was cleared. */
export const CLEARED = 'copy:cleared';

/** Names of functions that copy from user space. */
const READS_USER = /^\W*(?:\w+ = )?\w*(?:from_user|from_iter|fromiovec|get_user)\w*/;

/** Functions that return how much they copied, and not how much they left out. */
const RETURNS_COPIED = /^\W*(?:iov_iter_copy_from_user|copy_(?:page|folio)_from_iter|copy_from_iter)/;

/** Whether the event moves data from user space into the kernel. */
export function readsUserMemory(event: KernelEvent): event is CopyEvent | FaultEvent {
  if (event.kind !== 'copy' && !(event.kind === 'fault' && event.purpose === 'copy')) return false;
  const { code } = event.via?.at(-1)?.site ?? event.site;
  return READS_USER.test(code);
}

/** Whether page faults are disabled, so that the copy leaves out what is not resident. */
export function isAtomicCopy(event: KernelEvent, { scopes }: State): boolean {
  if (!readsUserMemory(event)) return false;
  return event.kind === 'copy' || scopes.pagefault + scopes.preempt + scopes.atomic > 0;
}

export function trackCopies(event: KernelEvent, state: State): readonly MarkChange[] {
  if (isAtomicCopy(event, state)) {
    return [...[SHORT, CLEARED, PROGRESS, COPIED].map(forget), { mark: COPIED, event }];
  }
  const copied = state.marks.get(COPIED);
  if (copied === undefined) return [];
  // What is cleared behind a short copy is taken to be its rest.
  if (event.kind === 'zero' && state.marks.has(SHORT)) return [{ mark: CLEARED, event }];
  return [];
}

export function trackShortness(test: Condition, outcome: boolean, { marks }: State): readonly MarkChange[] {
  const copied = marks.get(COPIED);
  if (copied === undefined || (copied.kind !== 'copy' && copied.kind !== 'fault')) return [];
  if (copied.result === undefined) return [];
  const says = whatItSays(test, outcome, copied.result, RETURNS_COPIED.test(copied.site.code));
  if (says === 'some') return [{ mark: PROGRESS, event: copied }];
  if (says === 'short') return [{ mark: SHORT, event: copied }];
  return says === 'complete' && !marks.has(SHORT) ? [forget(COPIED)] : [];
}

function forget(mark: string): MarkChange {
  return { mark, event: null };
}

/** What a test of the copy's result says of it: `left`, `left > 0`, `copied < bytes`, `copied == bytes`, `!copied`. */
function whatItSays(
  { value, expected }: Condition,
  outcome: boolean,
  result: ValueKey,
  isCount: boolean,
): 'short' | 'complete' | 'some' | 'unknown' {
  const truth = outcome === expected;
  const isEquality = value.startsWith(`${result}==`) || value.endsWith(`==${result}`);
  if (value === result || value === `${result}>0`) {
    if (isCount) return truth ? 'some' : 'short';
    return truth ? 'short' : 'complete';
  }
  if (!isCount && value === `${result}<0`) return truth ? 'short' : 'unknown';
  if (isCount) {
    if (value.startsWith(`${result}<`)) return truth ? 'short' : 'complete';
    if (isEquality) return truth ? 'complete' : 'short';
    return 'unknown';
  }
  // `left == bytes`: nothing was copied.
  return isEquality ? (truth ? 'short' : 'some') : 'unknown';
}
