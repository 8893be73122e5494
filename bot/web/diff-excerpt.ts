/**
 * A diff cut down to what a page can show: files, and the lines that have to stay in sight, go in; the same files come out, whole
 * where there is room for them, or else with the lines around those that have to stay.
 */

import type { FileDiff, Hunk, HunkLine } from '../../analyzers/diff/types.ts';
import type { Finding, Step } from '../../analyzers/vocabulary/finding.ts';
import { placeOfLine } from '../reports/source-lines.ts';

/** Lines that stay around one that has to, as in the HTML report. */
const NEAR = 12;

export interface DiffExcerpt {
  readonly files: readonly FileDiff[];
  /** Lines of the diff that are left out. */
  readonly left: number;
}

/** At most `room` lines. */
export function diffExcerpt(
  files: readonly FileDiff[],
  findings: readonly Finding[],
  room: number,
): DiffExcerpt {
  const all = linesIn(files);
  if (all <= room) return { files, left: 0 };
  const kept = keptLines(files, findings);
  let free = room;
  const shown = files.flatMap((file, index): FileDiff[] => {
    const hunks = file.hunks.flatMap((hunk, at) => piecesOf(hunk, kept.get(`${index} ${at}`) ?? []));
    const fitting = hunks.filter(({ lines }) => {
      free -= lines.length;
      return free >= 0;
    });
    return fitting.length === 0 ? [] : [{ ...file, hunks: fitting }];
  });
  return { files: shown, left: all - linesIn(shown) };
}

function linesIn(files: readonly FileDiff[]): number {
  return files.reduce(
    (sum, { hunks }) => sum + hunks.reduce((lines, hunk) => lines + hunk.lines.length, 0),
    0,
  );
}

/** Lines of findings and their steps, by file and hunk. */
function keptLines(
  files: readonly FileDiff[],
  findings: readonly Finding[],
): ReadonlyMap<string, readonly number[]> {
  const kept = new Map<string, number[]>();
  for (const finding of findings) {
    const own: Pick<Step, 'path' | 'line' | 'side' | 'code'> = { ...finding, code: '' };
    for (const step of [own, ...finding.steps]) {
      const place = placeOfLine(files, step);
      if (place === null) continue;
      const key = `${place.file} ${place.hunk}`;
      kept.set(key, [...(kept.get(key) ?? []), place.line]);
    }
  }
  return kept;
}

/** What of a hunk is near these lines, each piece a hunk of its own. */
function piecesOf(hunk: Hunk, near: readonly number[]): readonly Hunk[] {
  const pieces: Hunk[] = [];
  let end = 0;
  for (const line of near.toSorted((a, b) => a - b)) {
    const from = Math.max(end, line - NEAR);
    const to = Math.min(hunk.lines.length, line + NEAR + 1);
    if (from >= to) continue;
    pieces.push(pieceOf(hunk, from, to));
    end = to;
  }
  return pieces;
}

function pieceOf(hunk: Hunk, from: number, to: number): Hunk {
  const lines = hunk.lines.slice(from, to);
  const before = hunk.lines.slice(0, from);
  return {
    ...hunk,
    oldStart: hunk.oldStart + countOf(before, 'add'),
    oldCount: countOf(lines, 'add'),
    newStart: hunk.newStart + countOf(before, 'remove'),
    newCount: countOf(lines, 'remove'),
    lines,
  };
}

/** Lines of the side that has none of the other kind. */
function countOf(lines: readonly HunkLine[], other: HunkLine['kind']): number {
  return lines.filter(({ kind }) => kind !== other).length;
}
