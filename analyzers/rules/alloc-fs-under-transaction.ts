/**
 * An allocation that may enter filesystem reclaim while a journal transaction is open whose API is no nofs scope in
 * that kernel. Seen again and again in ext3, ext4, ocfs2 and btrfs before their transactions became scopes.
 */

import { gfpVariables } from '../events/gfp.ts';
import { isNofsScope } from '../vocabulary/lock.ts';
import {
  entersFilesystemReclaim,
  isFarAway,
  openTransaction,
  scopeAssumptions,
  transactionStep,
  transactionTitle,
} from './conditions.ts';
import { lackedFlags } from './roles.ts';
import type { Rule, RuleContext } from './types.ts';

/** An inode that is going away has no pages left: what its truncation would grab at its end is not there. */
function isEviction({ slots, unit }: RuleContext): boolean {
  // The table stands in another file mostly, and a name is enough to be silent.
  if (/_(?:evict|delete|clear)_inode$/.test(unit.name ?? '')) return true;
  return slots.some(
    ({ slot }) => slot === 'evict_inode' || slot === 'delete_inode' || slot === 'clear_inode',
  );
}

export const allocFsUnderTransaction: Rule = {
  meta: {
    id: 'alloc-fs-under-transaction',
    summary: 'allocation that may enter filesystem reclaim while a journal transaction is open',
    why:
      'Reclaim evicts inodes, and evicting one starts a transaction: of the same filesystem it runs on top of the ' +
      'open handle, of another it may wait for a commit that waits for this handle.',
    fix:
      'allocate before the transaction starts, or say GFP_NOFS inside it (AOP_FLAG_NOFS or find_or_create_page() for ' +
      'a page of the page cache, a memalloc_nofs_save() scope around a callee)',
    threads: ['2018-10-ext4-fault-vs-writeback'],
    scenarios: ['alloc-under-transaction'],
    confidence: 'likely',
  },
  lens: 'io',
  families: ['transaction'],
  kinds: ['alloc'],
  needs: [['acquire', 'alloc']],
  mayMatter: (prospect, { lockClasses }) =>
    prospect.mayBeUnderSome(
      'alloc',
      (lock) => lockClasses.get(lock)?.isInReclaim === true && !isNofsScope(lockClasses, lock),
    ),
  check(visit, context) {
    const { event, state } = visit;
    if (event.kind !== 'alloc' || isFarAway(event)) return null;
    if (!entersFilesystemReclaim(event, state, context)) return null;
    const transaction = openTransaction(visit, context);
    if (transaction === undefined) return null;
    const facts = context.lockClasses.get(transaction.lock);
    // Where eviction starts no transaction there is nothing to come back to.
    if (facts?.isInReclaim !== true) return null;
    // The mapping's own mask: some filesystems take __GFP_FS from it at once.
    if (
      event.assumption !== null &&
      event.isPassedOn !== true &&
      (!facts.keepsMappingMask || isEviction(context))
    )
      return null;
    if (context.mayBeInNofs()) return null;
    const title = transactionTitle(transaction, context);
    return {
      event,
      message: `allocation may enter filesystem reclaim while ${title} is open`,
      steps: [
        transactionStep(transaction, title),
        { event, what: 'allocates with filesystem reclaim allowed, transaction still open' },
      ],
      assumptions: [
        ...scopeAssumptions(context),
        ...(event.assumption === null ? [] : [event.assumption]),
        ...lackedFlags(context).flatMap(({ parameter, assumption }) =>
          gfpVariables(event.gfp).includes(parameter) ? [assumption] : [],
        ),
      ],
    };
  },
};
