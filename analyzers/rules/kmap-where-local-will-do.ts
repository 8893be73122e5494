/** Two `kmap()` for one copy. Thread: unionfs and AOP_WRITEPAGE_ACTIVATE, 2007. */

import { callsIn, placeOf } from './code.ts';
import type { Rule } from './types.ts';

export const kmapWhereLocalWillDo: Rule = {
  meta: {
    id: 'kmap-where-local-will-do',
    summary: 'two pages are mapped by kmap() for nothing but a copy',
    why:
      'kmap() takes one of few slots that all CPUs share, may sleep for it, and a task that needs two at once may wait ' +
      'for another that needs two. For a copy that does not sleep, mappings of this CPU or task will do.',
    fix: 'use copy_highpage(), or map with kmap_local_page() (before 5.11: kmap_atomic())',
    threads: ['2007-10-unionfs-writepage-activate'],
    confidence: 'advice',
  },
  lens: 'io',
  families: [],
  kinds: [],
  needs: [],
  inText: /\bkunmap\b/,
  checkCode(unit) {
    const calls = callsIn(unit);
    const [first, second] = calls.filter(({ name }) => name === 'kmap');
    const last = calls.findLast(({ name }) => name === 'kunmap');
    if (first === undefined || second === undefined || last === undefined) return [];
    const between = calls.filter(({ call }) => call.start >= first.call.start && call.end <= last.call.end);
    if (last.call.start < second.call.start || !between.every(({ name }) => DURING.has(name))) return [];
    const copy = between.find(({ name, call }) => COPIES.has(name) && call.start > second.call.start);
    if (copy === undefined) return [];
    const event = placeOf(unit, second.call.start, second.call.end);
    return [
      {
        event,
        message: 'maps two pages by kmap() where mappings of this CPU will do',
        steps: [
          {
            event: placeOf(unit, first.call.start, first.call.end),
            what: 'takes one of the shared mappings',
          },
          { event, what: 'takes a second one with the first still held' },
          { event: placeOf(unit, copy.call.start, copy.call.end), what: 'copies, which does not sleep' },
        ],
        assumptions: [],
      },
    ];
  },
};

const COPIES: ReadonlySet<string> = new Set(['memcpy', 'memmove', 'copy_page', 'memcpy_to_page']);

/** What does not sleep, and may be done between the two ends. */
const DURING: ReadonlySet<string> = new Set([
  ...COPIES,
  'kmap',
  'kunmap',
  'memset',
  'clear_page',
  'flush_dcache_page',
  'flush_dcache_folio',
]);
