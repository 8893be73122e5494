/**
 * mmap_lock taken while a journal transaction is open. Thread: the dirty_inode against mmap_sem deadlock of 2004, whose
 * ruling it is that a transaction nests inside mmap_lock.
 */

import { isTransaction } from '../vocabulary/lock.ts';
import { openTransaction, transactionStep, transactionTitle } from './conditions.ts';
import type { Rule } from './types.ts';

const MMAP_LOCK = 'mmap-lock';

export const mmapLockUnderTransaction: Rule = {
  meta: {
    id: 'mmap-lock-under-transaction',
    summary: 'mmap_lock taken while a journal transaction is open',
    why:
      'The agreed ranking is mmap_lock first, transaction inside it: mmap() starts one for atime with mmap_lock held ' +
      'and may wait for a commit that waits for this handle.',
    fix:
      'take mmap_lock, or pin the user pages, before the transaction starts or after it has stopped; where that cannot ' +
      'be, mmap_read_trylock() and a retry outside the transaction',
    threads: ['2004-06-dirty-inode-vs-mmap-sem'],
    scenarios: ['mmap-lock-under-transaction'],
    isRuling: true,
    confidence: 'likely',
  },
  lens: 'locks',
  families: ['transaction', 'rwsem'],
  kinds: [],
  needs: [['acquire']],
  mayMatter: (prospect) => prospect.mayTakeUnderSome(MMAP_LOCK, isTransaction),
  check(visit, context) {
    const { event, state } = visit;
    if (event.kind !== 'acquire' || event.lock !== MMAP_LOCK || !event.blocks) return null;
    // Whoever holds it already waits for nobody here, or for himself.
    if (state.held.some(({ lock }) => lock === MMAP_LOCK)) return null;
    const transaction = openTransaction(visit, context);
    if (transaction === undefined) return null;
    const title = transactionTitle(transaction, context);
    return {
      event,
      message: `takes mmap_lock while ${title} is open`,
      steps: [
        transactionStep(transaction, title),
        { event, what: 'takes mmap_lock, transaction still open' },
      ],
      assumptions: [
        {
          ofScenario:
            'another task that shares this mm may start or wait for a transaction with mmap_lock held, as mmap() does for atime',
        },
      ],
    };
  },
};
