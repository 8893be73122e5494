/**
 * The protocol of b4's external checks (0.15 and later): a command gets one mail on standard input, and prints a JSON list of
 * results. "Writing an external check script", b4's documentation of `b4 review`.
 */

import type { Verdict } from './verdict.ts';

const STATUSES = { success: 'pass', warning: 'warn', fail: 'fail' } as const;

/** An empty list means that there is nothing to report: a cover letter, or any mail without a patch. */
export function b4Results(verdict: Verdict | null, url: string | undefined): string {
  if (verdict === null) return '[]\n';
  const { state, summary, details } = verdict;
  const result = {
    tool: 'patchwitness',
    status: STATUSES[state],
    summary,
    ...(url === undefined ? {} : { url }),
    ...(details === '' ? {} : { details }),
  };
  return `${JSON.stringify([result], null, 2)}\n`;
}
