/**
 * User memory is faulted in, nobody looks whether that worked, and a copy that comes short leads back there: with a
 * bad address the loop never ends. Thread: the dirty_inode against mmap_sem deadlock of 2004.
 */

import { isResultUsed } from './calls.ts';
import { COPIED, PROGRESS, SHORT, trackCopies, trackShortness } from './copies.ts';
import type { Rule } from './types.ts';

export const uncheckedPrefault: Rule = {
  meta: {
    id: 'unchecked-prefault',
    summary: 'result of a fault-in helper ignored in a loop that retries short copies',
    why:
      'An atomic copy from a bad address comes short each time. Only the fault-in helper can tell a page that was ' +
      'taken away from one that never comes; with its result ignored the loop goes round for ever.',
    fix: 'leave the loop with -EFAULT when the fault-in helper fails',
    threads: ['2004-06-dirty-inode-vs-mmap-sem'],
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
  check({ event, state: { marks } }, { unit }) {
    if (event.kind !== 'fault' || event.purpose !== 'prefault' || event.via !== undefined) return null;
    const copy = marks.get(SHORT);
    if (copy === undefined || !marks.has(COPIED) || marks.has(PROGRESS)) return null;
    if (/^\w*(?:get|pin)_user_pages/.test(event.site.code) || isResultUsed(unit, event.site.offset))
      return null;
    return {
      event,
      message: 'the result of the fault-in helper is ignored, and a short copy is tried again and again',
      steps: [
        { event: copy, what: 'copies with page faults disabled, and comes short' },
        { event, what: 'faults the source in once more, without looking whether that worked' },
      ],
      assumptions: ['the address may be bad: user space chooses it'],
    };
  },
};
