/**
 * What a check says of a patch: the reports of a review go in, one state with a line and the whole of it come out, or null
 * where there was no patch to check. It speaks of what the patch introduces.
 */

import type { PatchReport, Unread } from '../pipeline/types.ts';
import { complaintsOf, type FindingGroup } from '../reports/form.ts';
import { counted, unreadText } from '../reports/phrases.ts';
import { plainFinding, type Threads } from '../reports/plain-finding.ts';
import { printable } from '../reports/printable.ts';

export interface Verdict {
  readonly state: 'success' | 'warning' | 'fail';
  /** One line. */
  readonly summary: string;
  /** Every finding with its steps and its witness, and what could not be read; empty where there is nothing to say. */
  readonly details: string;
}

export interface Reviewed {
  readonly reports: readonly PatchReport[];
  readonly unread: readonly Unread[];
}

export function verdictOf({ reports, unread }: Reviewed, threads: Threads): Verdict | null {
  if (reports.length === 0 && unread.length === 0) return null;
  const groups = reports.map((report): FindingGroup => ({ kind: 'patch', report }));
  const told = groups.flatMap((group) => complaintsOf(group).map((finding) => ({ finding, group })));
  const details = [
    ...told.map(({ finding, group }) => plainFinding(finding, group, threads)),
    ...unread.map((part) => `not read: ${unreadText(part)}`),
  ].join('\n\n');
  const notRead = unread.length === 0 ? '' : `; ${counted(unread.length, 'part')} not read`;
  // By how sure they are, surest first.
  const sorted = (['confirmed', 'likely', 'advice'] as const).flatMap((confidence) =>
    told.flatMap(({ finding }) => (finding.confidence === confidence ? [finding] : [])),
  );
  const [first] = sorted;
  if (first === undefined) {
    // A patch of which nothing could be read has not passed.
    const state = reports.length === 0 ? 'warning' : 'success';
    return { state, summary: `nothing found${notRead}`, details };
  }
  const { confidence, rule, path, line } = first;
  const rest = sorted.length === 1 ? '' : `, and ${sorted.length - 1} more`;
  const states = { confirmed: 'fail', likely: 'warning', advice: 'success' } as const;
  return {
    state: states[confidence],
    summary: printable(`${confidence}: ${rule} at ${path}:${line}${rest}${notRead}`),
    details,
  };
}
