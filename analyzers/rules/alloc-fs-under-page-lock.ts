/**
 * An allocation that may enter filesystem reclaim while a page or folio lock is held. Thread: the ext4 fault
 * against writeback deadlock of 2018.
 */

import { familySet } from '../flow/prospect.ts';
import { entersFilesystemReclaim, isByRuling, lockedPage, scopeAssumptions } from './conditions.ts';
import { isWritepage } from './roles.ts';
import type { Rule } from './types.ts';

export const allocFsUnderPageLock: Rule = {
  meta: {
    id: 'alloc-fs-under-page-lock',
    summary: 'allocation that may enter filesystem reclaim while a page lock is held',
    why:
      'Reclaim may wait for writeback of other pages, and the writeback that would end it may be blocked on ' +
      'this page lock; the run-time lock checker sees neither the page lock nor the writeback bit.',
    fix: 'allocate before taking the page lock, or use GFP_NOFS (or a memalloc_nofs_save() scope) under it',
    threads: ['2018-10-ext4-fault-vs-writeback'],
    scenarios: ['alloc-under-page-lock', 'alloc-under-page-lock-eviction'],
    isRuling: true,
    confidence: 'likely',
  },
  lens: 'io',
  families: ['page', 'transaction'],
  kinds: ['alloc'],
  needs: [['acquire', 'alloc']],
  mayMatter: (prospect) => prospect.mayBeUnder('alloc', familySet(['page'])),
  check(visit, context) {
    const { event, state } = visit;
    // Many filesystems take __GFP_FS from their mappings: the mapping's own mask is too little to speak of.
    if (event.kind !== 'alloc' || (event.assumption !== null && event.isPassedOn !== true)) return null;
    if (!entersFilesystemReclaim(event, state, context)) return null;
    // There alloc-fs-on-writeback-path speaks.
    if (isWritepage(context)) return null;
    const page = lockedPage(visit, context);
    if (page === undefined || context.mayBeInNofs()) return null;
    const name = page.names[0] ?? 'the page';
    return {
      event,
      message: `allocation may enter filesystem reclaim while the lock of ${name} is held`,
      steps: [
        { event: page.since, what: `takes the page lock of ${name}` },
        { event, what: 'allocates with filesystem reclaim allowed, lock still held' },
      ],
      assumptions: [...scopeAssumptions(context), ...(event.assumption === null ? [] : [event.assumption])],
      ...(isByRuling(event, context) && { isByRuling: true }),
    };
  },
};
