/** The store as a source of review items: a filter goes in; what a review of those series would have said comes out. */

import type { ReviewItem, Unread } from '../pipeline/types.ts';
import type { Executor } from '../store/database.ts';
import { eachSeries, type SeriesFilter, type TellOptions, type ToldSeries } from './stored-series.ts';

export interface ReportFilter extends TellOptions {
  readonly series: SeriesFilter;
}

/** Counted while the items come. */
export interface StoredCounts {
  series: number;
  /** Asked for, and not reviewed yet. */
  waiting: number;
}

/** Series in order of date; behind them, where no series is left out, what of the archives could not be read. */
export async function* storedItems(
  executor: Executor,
  filter: ReportFilter,
  counts: StoredCounts,
): AsyncGenerator<ReviewItem> {
  const { isNewestOnly, ...narrowing } = filter.series;
  for await (const told of eachSeries(executor, filter.series, filter)) {
    counts.series++;
    if (told.isWaiting) counts.waiting++;
    yield* itemsOf(told, isNewestOnly === true);
  }
  if (Object.keys(narrowing).length === 0) yield* unreadArchive(executor);
}

/** A patch that is taken over from an older version is told there, if that version is told. */
function* itemsOf(
  { series, patches, unread, claims }: ToldSeries,
  isNewestOnly: boolean,
): Generator<ReviewItem> {
  const { cover } = series;
  const own = series.patches.filter(({ carriedFrom }) => carriedFrom === null || isNewestOnly);
  for (const { source, replies } of cover === null ? own : [cover, ...own]) {
    for (let message = 0; message <= replies.length; message++) yield { kind: 'message', input: source };
  }
  for (const part of unread) yield { kind: 'unread', unread: part };
  const numbers = new Set(own.map(({ message }) => message));
  for (const { patch, report } of patches) {
    if (report !== null && numbers.has(patch.message)) yield { kind: 'patch', report };
  }
  for (const claim of claims) yield { kind: 'claim', claim };
}

interface UnreadRow {
  readonly source: string;
  readonly position: number | null;
  readonly ordinal: number;
  readonly part: Unread;
}

/** Rows that are held at once. */
const PAGE = 500;

async function* unreadArchive(executor: Executor): AsyncGenerator<ReviewItem> {
  let last: readonly unknown[] = ['', -1, -1];
  for (;;) {
    const rows: readonly UnreadRow[] = await executor.query<UnreadRow>(
      `SELECT source, position, ordinal, part FROM patchwitness.unread
       WHERE (source, coalesce(position, 0), ordinal) > ($1, $2::int, $3::int)
       ORDER BY source, coalesce(position, 0), ordinal LIMIT ${PAGE}`,
      last,
    );
    for (const { part } of rows) yield { kind: 'unread', unread: part };
    const end = rows.at(-1);
    if (end === undefined) return;
    last = [end.source, end.position ?? 0, end.ordinal];
  }
}
