/**
 * A patch quoted as reviewers quote: of each file with remarks its header and the hunks that matter, `> ` in front of each
 * line, every remark under the line that it is about, and `[...]` where something is left out. Quoted lines are never wrapped.
 */

import type { FileDiff, Hunk, HunkLine } from '../../analyzers/diff/types.ts';
import type { Finding, ImageSide } from '../../analyzers/vocabulary/finding.ts';
import { printable } from '../reports/printable.ts';

export interface Remark {
  readonly finding: Finding;
  /** The remark where the line is quoted above it. */
  readonly lines: readonly string[];
  /** What is put in front where no hunk shows that line. */
  readonly place: readonly string[];
}

export const CUT = '[...]';

/** Lines in front of one that matters: as many as a diff has. */
const CONTEXT = 3;

/** A shorter gap is not worth a mark. */
const MIN_CUT = 4;

/** Nobody reads longer lines; the rest of a generated table is left out. */
const MAX_QUOTED_LINE = 900;

/** The lines of `text` as a reply quotes them. */
export function quoted(lines: readonly string[]): readonly string[] {
  return lines.map((line) => {
    const shown = printable(line.replace(/\r+$/, '')).slice(0, MAX_QUOTED_LINE);
    return shown.trim() === '' ? '>' : `> ${shown}`;
  });
}

/**
 * `patchLines` is the text in which the files count their lines, so that headers are quoted as they stand; null where the
 * files are not those of the text, since the patch was turned round.
 */
export function quotedPatch(
  files: readonly FileDiff[],
  remarks: readonly Remark[],
  patchLines: readonly string[] | null,
): readonly string[] {
  const left = new Set(remarks);
  const blocks = files.map((file) => {
    const ofFile = [...left].filter(({ finding }) => finding.path === (file.newPath ?? file.oldPath));
    if (ofFile.length === 0) return [];
    const { lines, told } = quotedHunks(file, ofFile, patchLines);
    // What a file's hunks do not show stands behind them, unless a later part of the mail is about the same file.
    const isLast = files.findLast(({ newPath, oldPath }) => samePath(file, newPath ?? oldPath)) === file;
    const hidden = isLast ? ofFile.filter((remark) => !told.has(remark)) : [];
    for (const remark of [...told, ...hidden]) left.delete(remark);
    if (lines.length === 0 && hidden.length === 0) return [];
    const behind = hidden.flatMap((remark) => ['', placed(remark)].flat());
    return [...quoted(headerOf(file, patchLines)), ...lines, ...behind];
  });
  const shown = [...blocks, ...[...left].map(placed)].filter((block) => block.length > 0);
  return shown.flatMap((block, index) => (index === 0 ? block : ['', block].flat()));
}

/** A remark that is under no line. */
function placed({ place, lines }: Remark): readonly string[] {
  return [...place, ...lines];
}

function samePath({ newPath, oldPath }: FileDiff, path: string | null): boolean {
  return (newPath ?? oldPath) === path;
}

function headerOf(file: FileDiff, patchLines: readonly string[] | null): readonly string[] {
  const { oldPath, newPath, line, hunks } = file;
  const end = (hunks[0]?.line ?? line) - 1;
  const sent = (patchLines ?? []).slice(line - 1, end).filter((one) => /^(?:diff |--- |\+\+\+ )/.test(one));
  if (sent.length > 1) return sent;
  const [before, after] = [oldPath ?? newPath ?? '', newPath ?? oldPath ?? ''];
  return [
    `diff --git a/${before} b/${after}`,
    `--- ${oldPath === null ? '/dev/null' : `a/${oldPath}`}`,
    `+++ ${newPath === null ? '/dev/null' : `b/${newPath}`}`,
  ];
}

interface QuotedHunks {
  readonly lines: readonly string[];
  readonly told: ReadonlySet<Remark>;
}

function quotedHunks(
  file: FileDiff,
  remarks: readonly Remark[],
  patchLines: readonly string[] | null,
): QuotedHunks {
  const told = new Set<Remark>();
  const lines: string[] = [];
  let isBehindCut = false;
  for (const hunk of file.hunks) {
    const body = numbered(hunk);
    const under = remarksUnder(body, remarks, told);
    // Nothing is quoted behind the last remark.
    const isLast = told.size === remarks.length;
    const end = isLast ? Math.max(-1, ...under.keys()) : body.length;
    const matters = [...under.keys(), ...stepsIn(body, file, remarks).filter((at) => at < end)];
    if (matters.length === 0) {
      isBehindCut = lines.length > 0;
      continue;
    }
    if (isBehindCut) lines.push(CUT);
    const header = patchLines?.[hunk.line - 1] ?? '';
    lines.push(...quoted([header.startsWith('@@ -') ? header : hunkHeader(hunk)]));
    lines.push(...quotedLines(body, under, matters, openingsIn(body, remarks)));
    isBehindCut = false;
  }
  return { lines, told };
}

function hunkHeader({ oldStart, oldCount, newStart, newCount, heading }: Hunk): string {
  return `@@ -${oldStart},${oldCount} +${newStart},${newCount} @@ ${heading}`.trimEnd();
}

export type NumberedLine = HunkLine & Readonly<Record<ImageSide, number | null>>;

/** The lines of a hunk with their numbers in both images. */
export function numbered({ lines, oldStart, oldCount, newStart, newCount }: Hunk): readonly NumberedLine[] {
  // A side without lines names the line in front of it.
  let pre = oldCount === 0 ? oldStart + 1 : oldStart;
  let post = newCount === 0 ? newStart + 1 : newStart;
  return lines.map((line) => ({
    ...line,
    pre: line.kind === 'add' ? null : pre++,
    post: line.kind === 'remove' ? null : post++,
  }));
}

/** The remarks by the index of the line that they are about; each is told once. */
function remarksUnder(
  body: readonly NumberedLine[],
  remarks: readonly Remark[],
  told: Set<Remark>,
): ReadonlyMap<number, readonly Remark[]> {
  const under = new Map<number, Remark[]>();
  for (const remark of remarks) {
    const { line, side } = remark.finding;
    const at = told.has(remark) ? -1 : body.findIndex((one) => one[side] === line);
    if (at < 0) continue;
    told.add(remark);
    under.set(at, [...(under.get(at) ?? []), remark]);
  }
  return under;
}

/** Indexes of lines that are steps of the findings. */
function stepsIn(
  body: readonly NumberedLine[],
  { newPath, oldPath }: FileDiff,
  remarks: readonly Remark[],
): readonly number[] {
  const steps = remarks.flatMap(({ finding }) => finding.steps);
  return body.flatMap((line, index) =>
    steps.some(
      ({ path, side, line: at }) => path === (side === 'post' ? newPath : oldPath) && line[side] === at,
    )
      ? [index]
      : [],
  );
}

/** Indexes of the lines that begin the functions in which the findings stand, as far as the hunk shows them. */
function openingsIn(body: readonly NumberedLine[], remarks: readonly Remark[]): ReadonlySet<number> {
  const names = new Set(
    remarks.flatMap(({ finding: { functionName } }) => (functionName === null ? [] : [`${functionName}(`])),
  );
  const found = [...names].map((name) =>
    body.findIndex(
      ({ kind, text }) =>
        kind !== 'remove' && /^[A-Za-z_]/.test(text) && !text.includes(';') && text.includes(name),
    ),
  );
  return new Set(found.filter((at) => at >= 0));
}

const MARKS: Readonly<Record<HunkLine['kind'], string>> = { context: ' ', add: '+', remove: '-' };

/** From the first line that matters to the last one, with the remarks in between; of functions' openings one line. */
function quotedLines(
  body: readonly NumberedLine[],
  under: ReadonlyMap<number, readonly Remark[]>,
  matters: readonly number[],
  openings: ReadonlySet<number>,
): readonly string[] {
  const out: string[] = [];
  let next = 0;
  const end = Math.max(...matters);
  const shown = [...matters, ...[...openings].filter((at) => at < end)];
  for (const at of [...new Set(shown)].toSorted((a, b) => a - b)) {
    const from = openings.has(at) ? at : at - CONTEXT;
    if (from - next >= MIN_CUT) {
      out.push(CUT);
      next = from;
    }
    out.push(...quoted(body.slice(next, at + 1).map(({ kind, text }) => `${MARKS[kind]}${text}`)));
    next = at + 1;
    for (const { lines } of under.get(at) ?? []) out.push('', ...lines);
    if (under.has(at)) out.push('');
  }
  return out;
}
