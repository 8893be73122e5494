/**
 * The series list for people: one line a series. The columns come first in a fixed width, so that the list can be
 * sorted and cut; the subject is last but for what is worth knowing.
 */

import type { PartRange, Series } from '../../corpus/series/types.ts';
import { counted, unreadList } from './phrases.ts';
import { printable } from './printable.ts';
import type { SeriesReporter, SeriesSummary } from './series-types.ts';

/** A list of gaps ends here; a line of a thousand ranges tells nobody more. */
const MAX_GAPS_LISTED = 8;

export function seriesTextReporter(): SeriesReporter {
  const unread = unreadList();
  return {
    begin: () => '',
    series: (series) => `${seriesLine(series)}\n`,
    unread(part) {
      unread.add(part);
      return '';
    },
    end: (summary) => `\n${unread.text()}${summaryText(summary)}`,
  };
}

/** `2023-01-16  v3   8/8   ext4: …  [complete, 23 replies]`. */
function seriesLine(series: Series): string {
  const date = series.date?.slice(0, 10) ?? 'no date   ';
  const version = `v${series.version}${series.versionStated || series.version === 1 ? '' : '?'}`;
  const own = series.patches.filter(({ carriedFrom }) => carriedFrom === null).length;
  const count = series.kind === 'pull-request' ? 'pull' : `${own}/${series.total}`;
  const title = printable(series.title === '' ? '(no subject)' : series.title);
  return `${date}  ${version.padEnd(4)} ${count.padStart(7)}  ${title}  [${remarks(series).join(', ')}]`;
}

function remarks(series: Series): string[] {
  const replies = [series.cover, ...series.patches].reduce(
    (sum, patch) => sum + (patch?.carriedFrom === null ? patch.replies.length : 0),
    0,
  );
  return [
    ...(series.kind === 'pull-request' ? ['pull request'] : [completeness(series)]),
    ...(series.isRfc ? ['RFC'] : []),
    ...(series.isResend ? ['resend'] : []),
    ...(series.tags.length > 0 ? [printable(series.tags.join(' '))] : []),
    ...(series.userspaceTree === null ? [] : [`for ${series.userspaceTree}, not reviewed`]),
    ...(series.supersededBy === null ? [] : [`superseded by ${printable(series.supersededBy)}`]),
    ...(replies === 0 ? [] : [counted(replies, 'reply', 'replies')]),
  ];
}

function completeness({ missing, isPartialReroll, previous }: Series): string {
  const rest = isPartialReroll ? `partial reroll of ${printable(previous ?? '')}` : null;
  if (missing.length === 0) return rest ?? 'complete';
  const gaps = missing.slice(0, MAX_GAPS_LISTED).map(range);
  if (missing.length > MAX_GAPS_LISTED) gaps.push('…');
  return `${rest === null ? '' : `${rest}, `}missing ${gaps.join(' ')}`;
}

function range({ first, last }: PartRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}

function summaryText(summary: SeriesSummary): string {
  const { messages, series, incomplete, superseded, pullRequests, duplicates, patchesInReplies } = summary;
  return (
    `${counted(messages, 'message')}, ${counted(series, 'series', 'series')}: ${incomplete} incomplete, ` +
    `${superseded} superseded, ${counted(pullRequests, 'pull request')}\n` +
    `${counted(patchesInReplies, 'patch', 'patches')} in replies, ${counted(duplicates, 'copy', 'copies')} of messages left out; ` +
    `${counted(summary.unread, 'part')} not read\n`
  );
}
