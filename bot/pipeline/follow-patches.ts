/**
 * What the patches of an archive say of each other's findings. Reviewed patches go in, in runs; their reports come out
 * with what becomes of each finding: in its series, and in the next version of that; without what a reply calls wrong.
 */

import { compareVersions } from '../../analyzers/review/compare-versions.ts';
import { followSeries } from '../../analyzers/review/follow-series.ts';
import type { FindingTrail } from '../../analyzers/review/review-diff.ts';
import { atLeast, type Confidence, type Finding } from '../../analyzers/vocabulary/finding.ts';
import type { Series } from '../../corpus/series/types.ts';
import type { ClaimJudge } from './judge-claims.ts';
import type { SeriesRun } from './series-order.ts';
import type { PatchOriginal, PatchReport, VersionNote } from './types.ts';

export interface ReviewedPatch {
  readonly report: PatchReport;
  readonly trail: FindingTrail;
  /** Files that the patch renames: new paths by old ones. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Parts of it could not be read: what does not show may be there. */
  readonly isPartial: boolean;
  /** Null where nobody asks for it, or nothing was found. */
  readonly original: PatchOriginal | null;
}

export interface FollowedPatches {
  readonly reports: ReadonlyMap<ReviewedPatch, PatchReport>;
  readonly versions: readonly VersionNote[];
}

export interface FollowRules {
  readonly judge: ClaimJudge;
  /** Findings below are not told, and do not count. */
  readonly minConfidence: Confidence;
}

/** A run with the findings of each of its patches. */
interface FollowedRun extends SeriesRun<ReviewedPatch> {
  findings: readonly (readonly Finding[])[];
  /** Some of the series is not here, or was not read to its end. */
  readonly isIncomplete: boolean;
}

export function followPatches(
  runs: readonly SeriesRun<ReviewedPatch>[],
  { judge, minConfidence }: FollowRules,
): FollowedPatches {
  const followed = runs.map((run) => followRun(run, judge, minConfidence));
  const versions = againstPrevious(followed);
  const reports = new Map<ReviewedPatch, PatchReport>();
  for (const { series, steps, findings } of followed) {
    for (const [index, { patch, isCarried }] of steps.entries()) {
      if (isCarried) continue;
      const report = { ...patch.report, findings: findings[index] ?? [] };
      reports.set(patch, withSeries(report, series));
    }
  }
  return { reports, versions };
}

function withSeries(report: PatchReport, series: Series | null): PatchReport {
  if (report.context === undefined || series === null) return report;
  const { id, title, version } = series;
  return { ...report, context: { ...report.context, series: { id, title, version } } };
}

function followRun(run: SeriesRun<ReviewedPatch>, judge: ClaimJudge, minConfidence: Confidence): FollowedRun {
  const { series, steps } = run;
  const present = new Set(steps.map(({ place }) => place.part));
  const total = Math.max(0, ...steps.map(({ place }) => place.total));
  const isIncomplete = present.size < total || steps.some(({ patch }) => patch.isPartial);
  const isTold = ({ confidence, fingerprint }: Finding, isCarried: boolean): boolean =>
    atLeast(confidence, minConfidence) && !judge.silences(fingerprint, series, !isCarried);
  const isAlone = total <= 1 && steps.length <= 1;
  const findings = isAlone
    ? steps.map(({ patch }) => patch.report.findings)
    : followSeries(
        steps.map(({ place, patch: { report, trail, renamed } }) => {
          return { place, findings: report.findings, trail, renamed };
        }),
        { isCutShort: isIncomplete },
      );
  const told = findings.map((ofPatch, index) =>
    ofPatch.filter((finding) => isTold(finding, steps[index]?.isCarried ?? false)),
  );
  return { ...run, findings: told, isIncomplete };
}

/** Compares each version with the one before it, and says of the findings of both what became of them. */
function againstPrevious(runs: readonly FollowedRun[]): readonly VersionNote[] {
  const byId = new Map<string, FollowedRun>();
  for (const run of runs) if (run.series !== null && !byId.has(run.series.id)) byId.set(run.series.id, run);
  const notes: VersionNote[] = [];
  for (const newer of byId.values()) {
    const older = byId.get(newer.series?.previous ?? '');
    if (newer.series === null || older?.series === undefined || older.series === null) continue;
    // The same number twice is another posting of the same version, or other work under its name.
    if (newer.series.version <= older.series.version) continue;
    const note = compareRuns(older, older.series, newer, newer.series);
    if (note !== null) notes.push(note);
  }
  return notes;
}

function compareRuns(
  older: FollowedRun,
  { version: previousVersion }: Series,
  newer: FollowedRun,
  { version, title }: Series,
): VersionNote | null {
  const before = leftBy(older);
  const after = leftBy(newer);
  if (before.length + after.length === 0) return null;
  const { still, known } = compareVersions(before, after);
  const { isIncomplete } = newer;
  const gone = before.filter((one) => !still.has(one));
  const isGone = new Set(isIncomplete ? [] : gone);
  mark(older, isGone, { goneInVersion: version });
  mark(newer, known, { saidOfVersion: previousVersion });
  return {
    title,
    version,
    previousVersion,
    isIncomplete,
    gone: isGone.size,
    still: still.size,
    fresh: after.length - known.size,
  };
}

/** What a series brings in and leaves in the end. */
function leftBy({ findings }: FollowedRun): readonly Finding[] {
  return findings
    .flat()
    .filter(({ status, inSeries }) => status === 'introduced' && inSeries?.atEnd !== 'gone');
}

const UNKNOWN_PLACE = { part: 1, total: 1, commit: null };

function mark(
  run: FollowedRun,
  marked: ReadonlySet<Finding>,
  what: { readonly goneInVersion: number } | { readonly saidOfVersion: number },
): void {
  if (marked.size === 0) return;
  run.findings = run.findings.map((findings) =>
    findings.map((finding) => {
      if (!marked.has(finding)) return finding;
      const known = finding.inSeries ?? {
        patch: UNKNOWN_PLACE,
        atEnd: 'there',
        goneAfter: null,
        introducedBy: null,
        wasGoneAfter: null,
        saidOfVersion: null,
        goneInVersion: null,
      };
      return { ...finding, inSeries: { ...known, ...what } };
    }),
  );
}
