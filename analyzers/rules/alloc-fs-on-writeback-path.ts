/**
 * An allocation that may enter filesystem reclaim inside a `->writepage`; and a `->releasepage` that writes and waits
 * although its mask may forbid to enter the filesystem. Thread: unionfs and AOP_WRITEPAGE_ACTIVATE, 2007.
 */

import type { CodeUnit } from '../c/units.ts';
import { callsIn, nextOf, partsOf, placeOf } from './code.ts';
import { entersFilesystemReclaim, isByRuling, scopeAssumptions } from './conditions.ts';
import { firstParameter, isReleasepage, isWritepage } from './roles.ts';
import type { Hit, Rule } from './types.ts';

export const allocFsOnWritebackPath: Rule = {
  meta: {
    id: 'alloc-fs-on-writeback-path',
    summary: 'allocation that may enter filesystem reclaim inside a writepage method',
    why:
      'A ->writepage runs for reclaim or for the flusher, with its page locked: reclaim that it starts itself may come ' +
      'back into this filesystem, or wait for writeback that waits for this page.',
    fix: 'pass a mask without __GFP_FS at the call, find_or_create_page() instead of grab_cache_page()',
    threads: ['2007-10-unionfs-writepage-activate'],
    scenarios: [
      'alloc-on-writeback-path',
      'alloc-under-page-lock',
      'alloc-under-page-lock-eviction',
      'alloc-with-pending-bio-eviction',
    ],
    isRuling: true,
    confidence: 'likely',
  },
  lens: 'io',
  families: ['page', 'transaction'],
  kinds: ['alloc'],
  needs: [
    ['acquire', 'alloc'],
    ['release', 'alloc'],
  ],
  mayMatter: (_, role) => isWritepage(role),
  check({ event, state }, context) {
    if (event.kind !== 'alloc' || !entersFilesystemReclaim(event, state, context)) return null;
    if (!isWritepage(context) || RECLAIM_ONLY.has(context.unit.name ?? '')) return null;
    // Another filesystem's mapping, as this method can see; what a callee takes from its own may be masked at set-up.
    if (event.assumption !== null && event.via !== undefined) return null;
    const page = firstParameter(context.unit) ?? 'its page';
    return {
      event,
      message: 'allocation inside ->writepage may enter filesystem reclaim',
      steps: [
        { event, what: `allocates with filesystem reclaim allowed while ${page} is being written back` },
      ],
      assumptions: [...scopeAssumptions(context), ...(event.assumption === null ? [] : [event.assumption])],
      ...(isByRuling(event, context) && { isByRuling: true }),
    };
  },
  checkCode: (unit, role) => (isReleasepage(role) ? writesForAnyMask(unit) : []),
};

/** No flusher writes back anonymous and shared memory, only reclaim, whose own allocations do not reclaim. */
const RECLAIM_ONLY: ReadonlySet<string> = new Set(['swap_writepage', 'shmem_writepage']);

/** What a mask without __GFP_FS may have as well: it may sleep, but not in a filesystem. */
const MAY_SLEEP: ReadonlySet<string> = new Set(['__GFP_WAIT', '__GFP_DIRECT_RECLAIM', '__GFP_RECLAIM']);

/** Writes back and waits. */
const WRITES: ReadonlySet<string> = new Set([
  'nfs_wb_page',
  'nfs_wb_folio',
  'write_one_page',
  'folio_write_one',
  'filemap_write_and_wait',
  'filemap_write_and_wait_range',
  'wait_on_page_writeback',
  'folio_wait_writeback',
]);

/** A `->releasepage` that asks no more than whether it may sleep. */
function writesForAnyMask(unit: CodeUnit): Hit[] {
  const mask = [...unit.parameterTypes.keys()][1] ?? '';
  const { blocks } = unit.graph;
  return blocks.flatMap(({ jump }): Hit[] => {
    if (jump.kind !== 'branch' || jump.test.kind !== 'binary' || jump.test.operator !== '&') return [];
    const names = new Set(partsOf(jump.test).map((part) => (part.kind === 'name' ? part.name : '')));
    if (!names.has(mask) || ![...MAY_SLEEP].some((flag) => names.has(flag)) || names.has('__GFP_FS'))
      return [];
    const behind = new Set([jump.whenTrue, ...nextOf(blocks[jump.whenTrue])]);
    behind.delete(jump.whenFalse);
    return callsIn(unit)
      .filter(({ name, block }) => WRITES.has(name) && behind.has(block))
      .slice(0, 1)
      .map(({ call }): Hit => {
        const event = placeOf(unit, call.start, call.end);
        return {
          event,
          message: 'writes back and waits for reclaim whose mask may forbid to enter the filesystem',
          steps: [{ event, what: `runs whenever ${mask} may sleep, with __GFP_FS or without` }],
          assumptions: ['some allocation without __GFP_FS holds what this I/O needs'],
        };
      });
  });
}
