/**
 * Access to user memory that may sleep in a page fault while a journal transaction is open. Thread: the
 * dirty_inode against mmap_sem deadlock of 2004.
 */

import { familySet } from '../flow/prospect.ts';
import {
  faultName,
  maySleepInFault,
  openTransaction,
  transactionStep,
  transactionTitle,
} from './conditions.ts';
import type { Rule } from './types.ts';

export const faultUnderTransaction: Rule = {
  meta: {
    id: 'fault-under-transaction',
    summary: 'user access that may fault while a journal transaction is open',
    why:
      'The fault needs mmap_lock, and a task that holds mmap_lock may be waiting for this very transaction ' +
      'to commit: the agreed ranking is mmap_lock first, transaction inside it.',
    fix:
      'prefault before the transaction starts, copy with page faults disabled inside it, and on a short ' +
      'copy stop the transaction, prefault and try again',
    threads: ['2004-06-dirty-inode-vs-mmap-sem'],
    scenarios: ['fault-under-transaction'],
    confidence: 'likely',
  },
  lens: 'io',
  families: ['transaction'],
  kinds: ['fault'],
  needs: [['acquire', 'fault']],
  mayMatter: (prospect) => prospect.mayBeUnder('fault', familySet(['transaction'])),
  check(visit, context) {
    const { event, state } = visit;
    if (event.kind !== 'fault' || !maySleepInFault(state)) return null;
    const transaction = openTransaction(visit, context);
    if (transaction === undefined) return null;
    // A method that is handed a handle by some callers, and copies to users for others: not both at once.
    if (transaction.since.site.offset < 0 && event.assumption !== null) return null;
    const title = transactionTitle(transaction, context);
    return {
      event,
      message: `${faultName(event)} may fault while ${title} is open`,
      steps: [
        transactionStep(transaction, title),
        { event, what: `${faultName(event)} with page faults enabled, transaction still open` },
      ],
      assumptions: [
        {
          ofScenario:
            'another task of this process may start or wait for a transaction with mmap_lock held, as mmap() does for atime',
        },
        ...(event.assumption === null ? [] : [event.assumption]),
      ],
    };
  },
};
