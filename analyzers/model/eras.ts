/**
 * How memory reclaim behaved, by kernel version. Everything else in the model is the same for all of them, but for names;
 * whether an open transaction is a NOFS scope is a property of each journal.
 */

import { ModelError } from './error.ts';

export interface Era {
  readonly id: string;
  readonly title: string;
  readonly from: string;
  /** The first version that is not of this era any more; null where it lasts. */
  readonly below: string | null;
  /** Direct reclaim calls ->writepage of dirty pages of the page cache. */
  readonly writesPages: boolean;
  /** For whom reclaim waits for a page under writeback. */
  readonly waitsForWriteback: 'nobody' | 'large allocations' | 'charged allocations';
  /** The kernel source that says so. */
  readonly source: string;
}

export const ERAS: readonly Era[] = [
  {
    id: 'early',
    title: '2.6.0 to 2.6.22',
    from: '2.6.0',
    below: '2.6.23',
    writesPages: true,
    waitsForWriteback: 'nobody',
    source:
      'shrink_list() and pageout(), mm/vmscan.c: a page under writeback is kept, a dirty one is written',
  },
  {
    id: 'lumpy',
    title: '2.6.23 to 3.1',
    from: '2.6.23',
    below: '3.2',
    writesPages: true,
    waitsForWriteback: 'large allocations',
    source: 'shrink_page_list(), mm/vmscan.c: PAGEOUT_IO_SYNC waits, if the mask allows the filesystem',
  },
  {
    id: 'quiet',
    title: '3.2 to 3.5',
    from: '3.2',
    below: '3.6',
    writesPages: false,
    waitsForWriteback: 'large allocations',
    source: 'shrink_page_list(), mm/vmscan.c: file pages are written by kswapd only',
  },
  {
    id: 'memcg',
    title: '3.6 and later',
    from: '3.6',
    below: null,
    writesPages: false,
    waitsForWriteback: 'charged allocations',
    source:
      'shrink_page_list(), later shrink_folio_list(), mm/vmscan.c: waits for a page that is marked for reclaim already, ' +
      'on behalf of a memory cgroup of the first version, if the mask allows the filesystem',
  },
];

/** Throws `ModelError` for an id that no era has. */
export function eraOf(id: string): Era {
  const era = ERAS.find((one) => one.id === id);
  if (era === undefined) {
    throw new ModelError(`no era is called "${id}"; there are ${ERAS.map((one) => one.id).join(', ')}`);
  }
  return era;
}
