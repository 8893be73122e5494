/** What every format of the series list offers: pure functions from items to text, called as the items come. */

import type { ArchiveCounts } from '../../corpus/series/assemble.ts';
import type { Series } from '../../corpus/series/types.ts';
import type { Unread } from '../pipeline/types.ts';

export interface SeriesSummary extends ArchiveCounts {
  readonly messages: number;
  readonly series: number;
  readonly incomplete: number;
  readonly superseded: number;
  readonly pullRequests: number;
  readonly unread: number;
}

export interface SeriesReporter {
  begin(): string;
  series(series: Series): string;
  unread(unread: Unread): string;
  end(summary: SeriesSummary): string;
}
