/**
 * User pages are pinned for each page of a write to the page cache. Threads: dirty_inode against mmap_sem of 2004, and
 * the page-cache write deadlocks of 2007, both of which called that too dear.
 */

import { callEvent, callsOf, findAhead } from './calls.ts';
import type { Rule } from './types.ts';

const PINS = /^(?:get_user_pages|pin_user_pages)(?:_fast|_unlocked|_locked|_longterm)?$/;

/** Calls that take the page of the file that is written to. */
const TAKES_CACHE_PAGE =
  /^(?:(?:__)?grab_cache_page(?:_write_begin)?|find_or_create_page|find_lock_page|pagecache_get_page|__filemap_get_folio|filemap_grab_folio|iomap_get_folio|prepare_write|write_begin)$/;

const FINISHES_WRITE =
  /(?:^|_)(?:commit_write|write_end)$|^(?:set_page_dirty|folio_mark_dirty|block_write_end)$/;

export const gupOnWriteFastpath: Rule = {
  meta: {
    id: 'gup-on-write-fastpath',
    summary: 'user pages pinned for each page of a write',
    why:
      'Pinning takes mmap_lock and walks the page tables under their lock, for every page of every write(), where a ' +
      'copy with page faults disabled nearly always does.',
    fix: 'fault the source in, copy with page faults disabled, and treat the rare short copy on a path of its own',
    threads: ['2004-06-dirty-inode-vs-mmap-sem', '2007-02-pagecache-write-deadlocks'],
    confidence: 'advice',
  },
  lens: 'data',
  families: [],
  kinds: [],
  needs: [],
  inText: /(?:get|pin)_user_pages/,
  checkCode(unit) {
    const calls = callsOf(unit);
    if (!calls.some(({ name }) => FINISHES_WRITE.test(name))) return [];
    return calls
      .filter((one) => PINS.test(one.name))
      .flatMap((pin) => {
        const taken = findAhead(unit, pin, ({ name }) => TAKES_CACHE_PAGE.test(name));
        // Round a loop: each page of the file has its own pin.
        if (taken === null || findAhead(unit, taken, (one) => one === pin) === null) return [];
        const event = callEvent(unit, pin);
        return [
          {
            event,
            message: 'user pages are pinned for each page of the write',
            steps: [
              { event, what: 'walks the page tables of the source' },
              { event: callEvent(unit, taken), what: 'takes the page of the file, and goes round' },
            ],
            assumptions: [],
          },
        ];
      });
  },
};
