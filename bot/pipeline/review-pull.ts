/**
 * A pull request reviewed as a series: its commits and what they apply to go in; out come the reports of the commits, and
 * for each finding that the whole of it leaves behind the place in the pull request's own diff at which it can be told.
 */

import { followLine } from '../../analyzers/diff/follow-line.ts';
import { hunkImage } from '../../analyzers/diff/image.ts';
import type { Hunk, ParsedDiff } from '../../analyzers/diff/types.ts';
import { type Finding, isStanding, type Step, stepAt } from '../../analyzers/vocabulary/finding.ts';
import { parseSubject } from '../../corpus/mail/subject.ts';
import { remedyOf } from '../reports/remedy.ts';
import type { FoundPatch } from './find-patches.ts';
import { reviewFound } from './review-archive.ts';
import type { ReviewOptions } from './review-run.ts';
import type { PatchReport, Unread } from './types.ts';

/** Where a remark can stand. */
export type Place =
  /** Lines of one hunk of the diff, as they are after it; equal for a single one. */
  | { readonly kind: 'lines'; readonly path: string; readonly first: number; readonly last: number }
  /** The diff touches the file, and shows other lines of it. */
  | { readonly kind: 'file'; readonly path: string; readonly line: number | null }
  /** The diff does not touch the file. */
  | { readonly kind: 'elsewhere'; readonly path: string; readonly line: number };

/** A finding that the pull request brings in and leaves. */
export interface Remark {
  readonly finding: Finding;
  /** Full id and subject of the commit that brings it in. */
  readonly commit: string;
  readonly subject: string;
  readonly place: Place;
  /** The last line of the place as it should read; null where no program can say so. */
  readonly remedy: string | null;
}

export interface PullReview {
  readonly reports: readonly PatchReport[];
  readonly remarks: readonly Remark[];
  readonly unread: readonly Unread[];
}

/** A chain of steps over more lines than this is shown by its end alone. */
const MAX_LINES = 25;

/** `diff` is the pull request's own, from the merge base to its head; null where nobody gives it. */
export async function reviewPull(
  found: AsyncIterable<FoundPatch>,
  diff: ParsedDiff | null,
  options: ReviewOptions,
): Promise<PullReview> {
  const commits: { readonly id: string; readonly diff: ParsedDiff }[] = [];
  async function* noted(): AsyncGenerator<FoundPatch> {
    for await (const step of found) {
      if (step.kind === 'job' && step.job.commit !== null) {
        commits.push({ id: step.job.commit, diff: step.job.patch.diff });
      }
      yield step;
    }
  }
  const reports: PatchReport[] = [];
  const unread: Unread[] = [];
  for await (const item of reviewFound(noted(), options)) {
    if (item.kind === 'patch') reports.push(item.report);
    else if (item.kind === 'defect' || (item.kind === 'unread' && item.isNote !== true))
      unread.push(item.unread);
  }
  const remarks = reports.flatMap((report) =>
    report.findings.filter(isStanding).map((finding) => {
      const commit = report.commit ?? '';
      const later = commits.slice(commits.findIndex(({ id }) => id === commit) + 1);
      return remarkOf(
        finding,
        report,
        later.map((one) => one.diff),
        diff,
      );
    }),
  );
  return { reports, remarks, unread };
}

function remarkOf(
  finding: Finding,
  { commit, subject }: PatchReport,
  later: readonly ParsedDiff[],
  diff: ParsedDiff | null,
): Remark {
  const { path, line } = finding;
  const end = followLine({ path, line }, later);
  const place = placeOf(finding, end, later, diff);
  const text = place.kind === 'lines' ? lineIn(diff, place.path, place.last) : null;
  // A commit behind it may have changed the line: the steps then speak of another one.
  const isSame = text !== null && isLineOf(text, stepAt(finding));
  return {
    finding,
    commit: commit ?? '',
    subject: parseSubject(subject).title,
    place: place.kind === 'lines' && !isSame ? { kind: 'file', path: place.path, line: place.last } : place,
    remedy: isSame ? remedyOf(finding, text) : null,
  };
}

function placeOf(
  { path, line, steps }: Finding,
  end: { readonly path: string; readonly line: number } | null,
  later: readonly ParsedDiff[],
  diff: ParsedDiff | null,
): Place {
  const at = end?.path ?? path;
  const file = diff?.files.find(({ newPath }) => newPath === at);
  if (file === undefined) return { kind: 'elsewhere', path: at, line: end?.line ?? line };
  const hunk = end === null ? undefined : file.hunks.find((one) => shows(one, end.line));
  if (end === null || hunk === undefined) return { kind: 'file', path: at, line: end?.line ?? null };
  const chain = steps
    .filter((step) => step.side === 'post')
    .flatMap((step) => followLine({ path: step.path, line: step.line }, later) ?? [])
    .filter((one) => one.path === at && one.line <= end.line && shows(hunk, one.line))
    .map((one) => one.line);
  const first = Math.min(end.line, ...chain);
  return { kind: 'lines', path: at, first: end.line - first > MAX_LINES ? end.line : first, last: end.line };
}

function shows(hunk: Hunk, line: number): boolean {
  const start = hunk.newCount === 0 ? hunk.newStart + 1 : hunk.newStart;
  return line >= start && line < start + hunk.newCount;
}

function lineIn(diff: ParsedDiff | null, path: string, line: number): string | null {
  const hunk = diff?.files.find(({ newPath }) => newPath === path)?.hunks.find((one) => shows(one, line));
  return hunk === undefined
    ? null
    : (hunkImage(hunk, 'post').lines.find((one) => one.line === line)?.text ?? null);
}

/** Whether a line of the diff is the one on which a step begins; a step's code may go on over further lines. */
function isLineOf(text: string, step: Step | undefined): boolean {
  if (step === undefined) return false;
  const line = text.replace(/\s+/g, ' ').trim();
  return line !== '' && (line.includes(step.code) || step.code.startsWith(line) || overlap(line, step.code));
}

/** A step in the midst of a line begins there, and ends behind it. */
function overlap(line: string, code: string): boolean {
  const start = line.indexOf(code.slice(0, MIN_OVERLAP));
  return start >= 0 && code.startsWith(line.slice(start));
}

/** Characters in which a step and a line agree by no accident. */
const MIN_OVERLAP = 6;
