/** A `->sync_page` that writes or locks pages. Thread: unionfs and AOP_WRITEPAGE_ACTIVATE, 2007. */

import { callsIn, placeOf } from './code.ts';
import { standsAt } from './roles.ts';
import type { Rule } from './types.ts';

export const syncPageMisread: Rule = {
  meta: {
    id: 'sync-page-misread',
    summary: 'a sync_page method that is written as if it synced the page',
    why:
      'Whoever waits for a page lock or a writeback bit calls ->sync_page so that queued I/O gets started; it is no part ' +
      'of fsync(), msync() or sync(), and has nothing to write, to wait for or to lock.',
    fix: 'start queued I/O with block_sync_page(), or leave the method out where the filesystem below does the I/O',
    threads: ['2007-10-unionfs-writepage-activate'],
    confidence: 'advice',
  },
  lens: 'io',
  families: [],
  kinds: [],
  needs: [],
  checkCode(unit, role) {
    if (!standsAt(role, 'address_space_operations', ['sync_page'])) return [];
    const work = callsIn(unit).find(({ name }) => WORK.has(name));
    if (work === undefined) return [];
    const event = placeOf(unit, work.call.start, work.call.end);
    return [
      {
        event,
        message: '->sync_page only has to start queued I/O, not to sync the page',
        steps: [
          { event, what: 'locks, allocates, writes or waits, where a waiter only wants I/O to be started' },
        ],
        assumptions: [],
      },
    ];
  },
};

const WORK: ReadonlySet<string> = new Set([
  'lock_page',
  'find_lock_page',
  'find_or_create_page',
  'grab_cache_page',
  'read_cache_page',
  'read_mapping_page',
  'wait_on_page_locked',
  'wait_on_page_writeback',
  'write_one_page',
  'writepage',
  'filemap_fdatawrite',
  'filemap_fdatawait',
  'filemap_write_and_wait',
  'copy_highpage',
]);
