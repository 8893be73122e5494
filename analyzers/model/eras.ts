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
  /** What their mask has to allow: to enter the filesystem, or to start I/O. */
  readonly waitsIf: 'fs' | 'io';
  /** It keeps the lock of the page while it waits. */
  readonly keepsPageLock: boolean;
  /** jbd is in the kernel, with ext3. */
  readonly hasJbd: boolean;
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
    waitsIf: 'fs',
    keepsPageLock: false,
    hasJbd: true,
    source:
      'shrink_list(), later shrink_page_list(), and pageout(), mm/vmscan.c: a page under writeback is kept, a dirty one is ' +
      'written if the mask allows the filesystem',
  },
  {
    id: 'lumpy',
    title: '2.6.23 to 3.1',
    from: '2.6.23',
    below: '3.2',
    writesPages: true,
    waitsForWriteback: 'large allocations',
    waitsIf: 'fs',
    keepsPageLock: true,
    hasJbd: true,
    source:
      'shrink_page_list() and shrink_inactive_list(), mm/vmscan.c: the second pass, PAGEOUT_IO_SYNC, waits if the mask ' +
      'allows the filesystem; it is made for orders above PAGE_ALLOC_COSTLY_ORDER, since 2.6.31 for lower ones too when ' +
      'memory is short',
  },
  {
    id: 'quiet',
    title: '3.2 to 3.4',
    from: '3.2',
    below: '3.5',
    writesPages: false,
    waitsForWriteback: 'large allocations',
    waitsIf: 'fs',
    keepsPageLock: true,
    hasJbd: true,
    source:
      'shrink_page_list(), mm/vmscan.c: file pages are written by kswapd only; RECLAIM_MODE_SYNC waits as before',
  },
  {
    id: 'patient',
    title: '3.5',
    from: '3.5',
    below: '3.6',
    writesPages: false,
    waitsForWriteback: 'nobody',
    waitsIf: 'fs',
    keepsPageLock: false,
    hasJbd: true,
    source: 'shrink_page_list(), mm/vmscan.c: lumpy reclaim is gone, and with it all waiting for writeback',
  },
  {
    id: 'memcg-io',
    title: '3.6 to 4.1',
    from: '3.6',
    below: '4.2',
    writesPages: false,
    waitsForWriteback: 'charged allocations',
    waitsIf: 'io',
    keepsPageLock: true,
    hasJbd: true,
    source:
      'shrink_page_list(), mm/vmscan.c: reclaim of a memory cgroup waits for a page that is marked for reclaim already, if ' +
      'the mask has __GFP_IO; GFP_NOFS has it',
  },
  {
    id: 'memcg-locked',
    title: '4.2 and 4.3',
    from: '4.2',
    below: '4.4',
    writesPages: false,
    waitsForWriteback: 'charged allocations',
    waitsIf: 'fs',
    keepsPageLock: true,
    hasJbd: true,
    source:
      'shrink_page_list(), mm/vmscan.c: as before, but only for cgroups of the first version (sane_reclaim()), and only if ' +
      'the mask allows the filesystem',
  },
  {
    id: 'memcg',
    title: '4.4 and later',
    from: '4.4',
    below: null,
    writesPages: false,
    waitsForWriteback: 'charged allocations',
    waitsIf: 'fs',
    keepsPageLock: false,
    hasJbd: false,
    source:
      'shrink_page_list(), later shrink_folio_list(), mm/vmscan.c: gives back the lock of the page before it waits for it; ' +
      'sane_reclaim() is called writeback_throttling_sane() since 5.7',
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

/** Some eras in one title: those that follow each other run together, as `3.2 to 4.1, 4.4 and later`. */
export function erasTitle(ids: readonly string[]): string {
  const runs: Era[][] = [];
  for (const era of ERAS.filter(({ id }) => ids.includes(id))) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1)?.below === era.from) run.push(era);
    else runs.push([era]);
  }
  return runs.map(runTitle).join(', ');
}

function runTitle(run: readonly Era[]): string {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined || first === last) return first?.title ?? '';
  return last.below === null ? `${first.from} and later` : `${first.from} to ${last.title.split(' ').at(-1)}`;
}
