/**
 * A preallocated page table without the write barrier that its publication needs. Thread: the ext4 fault against
 * writeback deadlock of 2018, first version of the patch.
 */

import { isBefore } from '../vocabulary/era.ts';
import { callsIn, mentions, placeOf } from './code.ts';
import { preallocations } from './preallocation.ts';
import type { Hit, Rule } from './types.ts';

export const publishWithoutBarrier: Rule = {
  meta: {
    id: 'publish-without-barrier',
    summary: 'a preallocated page table is kept for publication with no write barrier behind its set-up',
    why:
      'Other CPUs walk page tables without a lock: if the entry that leads to the new table becomes visible before the ' +
      'cleared contents of the table, they read stale memory. Until 5.16 the code that installs the table has no barrier.',
    fix: 'put smp_wmb() behind the allocation, where its success is known',
    threads: ['2018-10-ext4-fault-vs-writeback'],
    confidence: 'likely',
  },
  lens: 'io',
  families: [],
  kinds: [],
  needs: [],
  inText: /pte_alloc_one/,
  checkCode(unit, { era }) {
    if (mentions(unit, ['pmd_install'])) return [];
    const barriers = callsIn(unit).filter(({ name }) => BARRIERS.has(name));
    return preallocations(unit).flatMap(({ call, field }): Hit[] => {
      // Two arguments: before 5.0, and so before the barrier moved into pmd_install().
      const isOld = call.args.length === 2 || isBefore(era, '5.16');
      if (!isOld || barriers.some((barrier) => barrier.call.start > call.end)) return [];
      const event = placeOf(unit, call.start, call.end);
      return [
        {
          event,
          message: `the page table kept in ${field} is published without a write barrier`,
          steps: [{ event, what: 'sets up a page table, and no smp_wmb() follows in this function' }],
          assumptions: ['the code that installs it has no barrier of its own, as before 5.16'],
        },
      ];
    });
  },
};

const BARRIERS: ReadonlySet<string> = new Set(['smp_wmb', 'wmb', 'smp_mb', 'mb', 'smp_store_release']);
