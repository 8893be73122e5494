/** What `scan` says at its end. */

import type { ScanCounts } from './scan.ts';

export function scanSummaryText({
  messages,
  series,
  reviewed,
  waiting,
  findings,
  found,
  unread,
}: ScanCounts): string {
  const left = waiting === 0 ? '' : `, ${waiting} still to be reviewed`;
  return [
    `${messages} messages, ${unread} ${unread === 1 ? 'part' : 'parts'} not read`,
    `${series} series, ${reviewed} of them reviewed or without C${left}`,
    `${findings} ${findings === 1 ? 'finding' : 'findings'} in ${found} series${found > 0 ? ': `patchwitness report` shows them' : ''}`,
    '',
  ].join('\n');
}
