/**
 * An atomic copy of user data came short, and the code falls back to one that may sleep in a page fault, with the
 * lock that made the first one necessary still held. Thread: the dirty_inode against mmap_sem deadlock of 2004.
 */

import type { Visit } from '../flow/explore.ts';
import { PAGE_LOCK } from '../vocabulary/lock.ts';
import { callAt, callsOf, destinationPage, isGiven } from './calls.ts';
import { maySleepInFault, openTransaction } from './conditions.ts';
import { readsUserMemory, SHORT, trackCopies, trackShortness } from './copies.ts';
import type { Rule, RuleContext } from './types.ts';

export const sleepingFallbackAfterAtomicCopy: Rule = {
  meta: {
    id: 'sleeping-fallback-after-atomic-copy',
    summary: 'sleeping copy as the fallback of an atomic one, lock still held',
    why:
      'The copy was made atomic because a page fault under this lock can deadlock; the fallback runs exactly when ' +
      'the source is not resident, so it faults for sure.',
    fix: 'return the short count, drop the lock, fault the source in and try again',
    threads: ['2004-06-dirty-inode-vs-mmap-sem', '2007-02-pagecache-write-deadlocks'],
    confidence: 'likely',
  },
  lens: 'data',
  families: ['page', 'transaction'],
  kinds: ['copy', 'fault'],
  needs: [
    ['copy', 'fault'],
    ['scopeEnter', 'fault'],
  ],
  tracker: trackCopies,
  testTracker: trackShortness,
  check(visit, context) {
    const { event, state } = visit;
    const atomic = state.marks.get(SHORT);
    if (atomic === undefined || event.kind !== 'fault') return null;
    if (!readsUserMemory(event) || !maySleepInFault(state)) return null;
    const lock = lockUnderCopy(visit, context);
    if (lock === null) return null;
    return {
      event,
      message: `falls back to a copy that may fault while ${lock.name} is held`,
      steps: [
        { event: atomic, what: 'copies with page faults disabled, and comes short' },
        { event, what: `copies again with page faults enabled, ${lock.name} still held` },
      ],
      assumptions: lock.assumptions,
    };
  },
};

/** The lock under which both copies are made, if there is one. */
function lockUnderCopy(
  visit: Visit,
  context: RuleContext,
): { readonly name: string; readonly assumptions: readonly string[] } | null {
  const { state, event } = visit;
  const transaction = openTransaction(visit, context);
  if (transaction !== undefined) {
    return { name: context.lockClasses.get(transaction.lock)?.title ?? 'a transaction', assumptions: [] };
  }
  const held = state.held.find(
    (one) => one.lock === PAGE_LOCK && !one.isPrivate && context.isHeld(visit, one),
  );
  if (held !== undefined) return { name: `the lock of ${held.names[0] ?? 'the page'}`, assumptions: [] };
  // A helper that fills a page which it got leaves the lock to its caller.
  const { unit } = context;
  const call = callAt(unit, event.site.offset);
  const page = call === undefined ? null : destinationPage(unit, call);
  if (page === null || !unit.parameters.includes(page) || context.sight === 'hunk') return null;
  const isUnlocked = callsOf(unit).some((one) => /unlock/i.test(one.name) && isGiven(one, page));
  if (isUnlocked) return null;
  return {
    name: `the lock of ${page}`,
    assumptions: [`the caller holds the lock of ${page}, a page of the page cache that is written to`],
  };
}
