/**
 * An allocation that may enter filesystem reclaim inside a `->writepage`. Thread: unionfs and
 * AOP_WRITEPAGE_ACTIVATE, 2007.
 */

import { entersFilesystemReclaim, scopeAssumption } from './conditions.ts';
import { firstParameter, isWritepage } from './roles.ts';
import type { Rule } from './types.ts';

export const allocFsOnWritebackPath: Rule = {
  meta: {
    id: 'alloc-fs-on-writeback-path',
    summary: 'allocation that may enter filesystem reclaim inside a writepage method',
    why:
      'A ->writepage runs for reclaim or for the flusher, with its page locked: reclaim that it starts itself may come ' +
      'back into this filesystem, or wait for writeback that waits for this page.',
    fix: 'pass a mask without __GFP_FS at the call, find_or_create_page() instead of grab_cache_page()',
    threads: ['2007-10-unionfs-writepage-activate'],
    confidence: 'likely',
  },
  lens: 'io',
  families: ['page', 'transaction'],
  kinds: ['alloc'],
  needs: [
    ['acquire', 'alloc'],
    ['release', 'alloc'],
  ],
  check({ event, state }, context) {
    if (event.kind !== 'alloc' || !entersFilesystemReclaim(event, state, context)) return null;
    if (!isWritepage(context)) return null;
    // Another filesystem's mapping, as this method can see; what a callee takes from its own may be masked at set-up.
    if (event.assumption !== null && event.via !== undefined) return null;
    const page = firstParameter(context.unit) ?? 'its page';
    return {
      event,
      message: 'allocation inside ->writepage may enter filesystem reclaim',
      steps: [
        { event, what: `allocates with filesystem reclaim allowed while ${page} is being written back` },
      ],
      assumptions: [scopeAssumption(context), ...(event.assumption === null ? [] : [event.assumption])],
    };
  },
};
