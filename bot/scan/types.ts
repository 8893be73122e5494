/** What `scan` stores, in the shapes that it has outside of the database. docs/scan.md tells of the tables. */

import type { Series } from '../../corpus/series/types.ts';
import type { PatchReport, Unread } from '../pipeline/types.ts';

/**
 * A posting as the database has it: `message` of each of its parts and replies is the number of a mail, and `source` is empty.
 * A reply with a patch of its own that belongs to no posting is one too.
 */
export interface StoredSeries extends Omit<Series, 'kind'> {
  readonly kind: Series['kind'] | 'reply';
}

/** Of one patch, what its mail does not say. */
export interface PatchFacts
  extends Pick<PatchReport, 'cFiles' | 'headerFiles' | 'functions' | 'userspaceTree' | 'base' | 'repairs'> {
  readonly part: number;
}

/** What of a series could not be read; `part` is that of its patch. */
export interface SeriesUnread extends Pick<Unread, 'path' | 'line' | 'reason'> {
  readonly part: number;
}
