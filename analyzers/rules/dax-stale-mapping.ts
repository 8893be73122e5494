/**
 * A DAX write allocates blocks where a mapping shows a hole, and the mapping is invalidated at the wrong time. Thread:
 * the races between DAX faults and the write path of 2016.
 */

import type { InvalidateEvent } from '../vocabulary/event.ts';
import { type CodeCall, callEvent, callsOf, findAhead } from './calls.ts';
import { isBareDaxIo } from './dax.ts';
import type { Hit, Rule } from './types.ts';

export const daxStaleMapping: Rule = {
  meta: {
    id: 'dax-stale-mapping',
    summary: 'DAX write that invalidates mappings before or after it, not where it allocates',
    why:
      'Before the allocation, a fault can install the hole again behind the invalidation, and nobody removes it. ' +
      'After it, a fault may already have mapped and dirtied the new block, and its entry is dropped.',
    fix: 'invalidate inside the allocating I/O, over the range that was allocated, as dax_iomap_rw() does since 4.10',
    threads: ['2016-07-dax-fault-vs-write'],
    scenarios: ['dax-stale-mapping'],
    confidence: 'likely',
  },
  lens: 'data',
  families: [],
  kinds: ['invalidate', 'call'],
  needs: [['invalidate', 'call']],
  checkFunction({ visits }, { unit }) {
    const writes = callsOf(unit).filter(isBareDaxIo);
    if (writes.length === 0) return [];
    const invalidations = new Map<number, InvalidateEvent>();
    for (const { event } of visits)
      if (event.kind === 'invalidate') invalidations.set(event.site.offset, event);
    const isInvalidation = ({ call }: CodeCall): boolean => invalidations.has(call.start);
    return writes.flatMap((write): Hit[] => {
      const written = callEvent(unit, write);
      const behind = findAhead(unit, write, isInvalidation);
      const dropped = behind === null ? undefined : invalidations.get(behind.call.start);
      if (dropped !== undefined) {
        return [
          {
            event: dropped,
            message: 'invalidates behind a DAX write: an entry that a fault has dirtied meanwhile is dropped',
            steps: [
              { event: written, what: 'allocates blocks and writes to them' },
              { event: dropped, what: 'drops the entries of the range, dirty ones too: their flush is lost' },
            ],
            assumptions: ['the file is mapped, and a page is written through the mapping in between'],
          },
        ];
      }
      const before = callsOf(unit).find(
        (one) => isInvalidation(one) && findAhead(unit, one, (next) => next === write) !== null,
      );
      const early = before === undefined ? undefined : invalidations.get(before.call.start);
      if (early === undefined) return [];
      return [
        {
          event: early,
          message: 'invalidates only before a DAX write: a fault in between maps the hole again',
          steps: [
            { event: early, what: 'drops the entries of holes' },
            {
              event: written,
              what: 'allocates blocks; a hole that was mapped again in between stays mapped',
            },
          ],
          assumptions: ['the file is mapped, and the range is read through the mapping in between'],
        },
      ];
    });
  },
};
