/** What is said of a finding beyond its own patch: in the rest of its series and in the versions beside it. */

import type { Finding, FindingInSeries, SeriesPlace } from '../../analyzers/vocabulary/finding.ts';
import type { JudgedClaim, VersionNote } from '../pipeline/types.ts';
import { counted, INDENT } from './phrases.ts';
import { printable } from './printable.ts';

/** `4/5`, and the commit where there is one. */
function placeText({ part, total, commit }: SeriesPlace): string {
  return `${part}/${total}${commit === null ? '' : ` (${commit.slice(0, 12)})`}`;
}

/** `introduced`, `fixed`, … as it stands in front of `by` and the patch. */
export function doneText({ status, inSeries }: Pick<Finding, 'status' | 'inSeries'>): string {
  switch (status) {
    case 'introduced':
      return (inSeries?.wasGoneAfter ?? null) === null ? 'introduced' : 'introduced again';
    case 'fixed':
      return 'fixed';
    case 'pre-existing':
      return 'seen, not introduced,';
  }
}

/** Clauses to stand behind the patch; none where the patch is all there is to say. */
function seriesClauses({ status, inSeries }: Pick<Finding, 'status' | 'inSeries'>): readonly string[] {
  if (inSeries === undefined) return [];
  const clauses = [...historyOf(inSeries, status)];
  if (inSeries.saidOfVersion !== null) clauses.push(`said of v${inSeries.saidOfVersion} already`);
  const end = endOf(inSeries);
  if (end !== null) clauses.push(end);
  if (inSeries.goneInVersion !== null) clauses.push(`not found in v${inSeries.goneInVersion} any more`);
  return clauses;
}

function historyOf(
  { introducedBy, wasGoneAfter }: FindingInSeries,
  status: Finding['status'],
): readonly string[] {
  if (status === 'fixed') return introducedBy === null ? [] : [`${placeText(introducedBy)} introduced it`];
  if (wasGoneAfter === null) return [];
  const before = introducedBy === null ? [] : [`first by ${placeText(introducedBy)}`];
  return [...before, `was gone after ${placeText(wasGoneAfter)}`];
}

function endOf({ atEnd, goneAfter, patch }: FindingInSeries): string | null {
  if (goneAfter !== null) return `gone after ${placeText(goneAfter)}`;
  return atEnd === 'there' && patch.total > 1 ? STILL_THERE : null;
}

const STILL_THERE = 'still there at the end of the series';

/** The same without what goes without saying where room is short: that a finding stays. */
export function notableClauses(finding: Pick<Finding, 'status' | 'inSeries'>): readonly string[] {
  return seriesClauses(finding).filter((clause) => clause !== STILL_THERE);
}

export function notableSuffix(finding: Pick<Finding, 'status' | 'inSeries'>): string {
  return notableClauses(finding)
    .map((clause) => `, ${clause}`)
    .join('');
}

/** `, gone after 4/5`; empty where there is nothing to say. */
export function seriesSuffix(finding: Pick<Finding, 'status' | 'inSeries'>): string {
  return seriesClauses(finding)
    .map((clause) => `, ${clause}`)
    .join('');
}

function versionText({
  title,
  version,
  previousVersion,
  isIncomplete,
  gone,
  still,
  fresh,
}: VersionNote): string {
  const lost = isIncomplete ? `what is gone cannot be said, v${version} is not whole here` : `${gone} gone`;
  return `v${version} of "${printable(title)}" against v${previousVersion}: ${lost}, ${still} still there, ${fresh} new`;
}

function claimText({ source, message, from, fingerprint, isObeyed, silenced }: JudgedClaim): string {
  const what = isObeyed
    ? `${counted(silenced, 'finding')} left out`
    : 'not obeyed: neither the author of the series nor a trusted address';
  return `${fingerprint} by ${printable(from ?? 'nobody')} (${printable(source)}, message ${message}): ${what}`;
}

/** Lines for the end of a report. */
export function seriesSection(versions: readonly VersionNote[], claims: readonly JudgedClaim[]): string {
  const lines = [
    ...(versions.length === 0 ? [] : ['Versions of series:']),
    ...versions.map((note) => `${INDENT}${versionText(note)}`),
    ...(claims.length === 0 ? [] : ['Called false positives:']),
    ...claims.map((claim) => `${INDENT}${claimText(claim)}`),
  ];
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}
