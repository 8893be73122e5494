/** What is said of a finding beyond its own patch: in the rest of its series and in the versions beside it. */

import type { Finding, FindingInSeries, SeriesPlace } from '../../analyzers/vocabulary/finding.ts';
import type {
  BaseNote,
  JudgedClaim,
  MissedBase,
  PatchBase,
  ReviewSummary,
  VersionNote,
} from '../pipeline/types.ts';
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

const MISSED: Readonly<Record<MissedBase, string>> = {
  'no-candidate': 'there is no revision to try',
  'unknown-base-commit': 'its base-commit is not in the repository',
  'does-not-apply': 'it does not apply to any revision that was tried',
};

const NAMED_BY: Readonly<Record<PatchBase['by'], string>> = {
  'base-commit': 'its base-commit',
  named: 'of --base',
  indexed: 'of the index',
  none: 'none',
};

function baseText({ title, base, passedOver }: BaseNote): string {
  const { revision, by, reason } = base;
  const name = `"${printable(title)}"`;
  if (revision === null) return `${name}: none, only hunks are in sight: ${MISSED[reason ?? 'no-candidate']}`;
  const why =
    passedOver === 'does-not-apply'
      ? 'it does not apply to its base-commit'
      : MISSED[passedOver ?? 'no-candidate'];
  return `${name}: ${revision.slice(0, 12)} ${NAMED_BY[by]}, ${why}`;
}

/** More are only counted; the JSON report has the base of every patch. */
const MAX_BASES_LISTED = 50;

function basesLines(bases: readonly BaseNote[]): readonly string[] {
  if (bases.length === 0) return [];
  const listed = bases.slice(0, MAX_BASES_LISTED).map((note) => `${INDENT}${baseText(note)}`);
  const more = bases.length - listed.length;
  return ['Bases of series:', ...listed, ...(more === 0 ? [] : [`${INDENT}and ${more} more`])];
}

type Sections = Pick<ReviewSummary, 'bases' | 'versions' | 'claims'>;

/** Lines for the end of a report. */
export function seriesSection({ bases, versions, claims }: Sections): string {
  const lines = [
    ...basesLines(bases),
    ...(versions.length === 0 ? [] : ['Versions of series:']),
    ...versions.map((note) => `${INDENT}${versionText(note)}`),
    ...(claims.length === 0 ? [] : ['Called false positives:']),
    ...claims.map((claim) => `${INDENT}${claimText(claim)}`),
  ];
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}
