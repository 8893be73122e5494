/**
 * Where in a file a hunk belongs. In go the lines as they are now and the hunk's old lines; out comes the index of
 * the first of them, or null. The rules are those of `git apply` without options, learnt from its behaviour:
 *
 * - the place that the hunk names comes first, then the nearest one, the later of two that are equally near;
 * - every old line must be there byte for byte; there is no fuzz;
 * - a hunk that names line 1 or 0 must stand at the file's beginning, one without trailing context at its end;
 * - lines that an earlier hunk has put there match nothing;
 * - an old last line without newline also matches a line of the middle, whose rest (blanks and the newline) is then
 *   gone: git's own slip, repeated here because the mirror will have what git makes of the patch.
 */
import { type LineImage, NO_LINE } from './line-image.ts';

/** What has to be found. */
export interface Wanted {
  /** The old lines' numbers in the image, without an incomplete last line. */
  readonly lines: readonly number[];
  /** The old last line when it has no newline. */
  readonly incomplete: string | null;
  /** The index that the hunk names, counted in the file as the hunks before have left it. */
  readonly start: number;
  readonly atBeginning: boolean;
  readonly atEnd: boolean;
}

/**
 * Places, comparisons and moves that all hunks of one file may cost together. A file of 50,000 lines and 500 hunks that
 * are each 1,000 lines away takes about a million; a hundred times that takes a second, and more is an attack.
 */
export const MAX_STEPS = 100_000_000;

/** Steps so far. */
export interface Steps {
  taken: number;
}

/** Looking around is cheap near the named place; behind this many times the file's length one scan is cheaper. */
const NEAR_SEARCH_FACTOR = 2;

/** What counts as blank where git skips blanks: no form feed, no vertical tab. */
const ONLY_BLANKS = /^[ \t\r\n]*$/;

export function wantedLength(wanted: Wanted): number {
  return wanted.lines.length + (wanted.incomplete === null ? 0 : 1);
}

/** The place, or null when there is none. */
export function findPlace(image: LineImage, wanted: Wanted, steps: Steps): number | null {
  const last = image.length - wantedLength(wanted);
  if (last < 0) return null;
  if (wanted.atBeginning) return matches(image, wanted, 0, steps) ? 0 : null;
  if (wanted.atEnd) return matches(image, wanted, last, steps) ? last : null;
  if (wanted.lines.includes(NO_LINE)) return null;
  const start = Math.min(wanted.start, image.length);
  const rarest = rarestLine(image, wanted.lines);
  const key = wanted.lines[rarest];
  const limit = steps.taken + NEAR_SEARCH_FACTOR * (image.length + wantedLength(wanted));
  const farthest = Math.max(start, last - start);
  for (let away = 0; away <= farthest; away++) {
    steps.taken++;
    const later = start + away;
    if (later <= last && (key === undefined || image.at(later + rarest) === key)) {
      if (matches(image, wanted, later, steps)) return later;
    }
    const earlier = start - away;
    if (earlier >= 0 && earlier <= last && (key === undefined || image.at(earlier + rarest) === key)) {
      if (matches(image, wanted, earlier, steps)) return earlier;
    }
    if (steps.taken > limit) return scan(image, wanted, start, steps);
  }
  return null;
}

/** Which of the lines is seen least: where it does not stand, the others need not be looked at. */
function rarestLine(image: LineImage, lines: readonly number[]): number {
  let rarest = 0;
  for (let index = 1; index < lines.length; index++) {
    if (image.count(lines[index] ?? NO_LINE) < image.count(lines[rarest] ?? NO_LINE)) rarest = index;
  }
  return rarest;
}

/** The hunk's old line, by index, that differs at `place`; null when all of them are there. */
export function firstDifference(image: LineImage, wanted: Wanted, place: number): number | null {
  const { lines, incomplete } = wanted;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? NO_LINE;
    const at = place + index;
    if (line === NO_LINE || at >= image.length || image.at(at) !== line) return index;
  }
  return incomplete === null || endsAt(image, wanted, place + lines.length) ? null : lines.length;
}

function matches(image: LineImage, wanted: Wanted, place: number, steps: Steps): boolean {
  steps.taken++;
  const end = place + wantedLength(wanted);
  if (place < 0 || end > image.length) return false;
  if (wanted.atBeginning && place !== 0) return false;
  if (wanted.atEnd && end !== image.length) return false;
  const difference = firstDifference(image, wanted, place);
  steps.taken += difference ?? wanted.lines.length;
  return difference === null;
}

/** Whether the line at `index` is the incomplete last line, give or take blanks that only the file has. */
function endsAt(image: LineImage, wanted: Wanted, index: number): boolean {
  const { incomplete, atEnd } = wanted;
  const text = image.text(index);
  if (incomplete === null || text === undefined || image.at(index) === NO_LINE) return false;
  if (!text.startsWith(incomplete)) return false;
  return atEnd ? text.length === incomplete.length : ONLY_BLANKS.test(text.slice(incomplete.length));
}

/**
 * All places in one pass (Knuth, Morris, Pratt), so that a file of ten thousand equal lines cannot make the search
 * quadratic; the nearest of them, by the same order as above.
 */
function scan(image: LineImage, wanted: Wanted, start: number, steps: Steps): number | null {
  const { lines } = wanted;
  const fallback = failureTable(lines);
  steps.taken += lines.length + image.length;
  let best: number | null = null;
  let matched = 0;
  for (let index = 0; index <= image.length; index++) {
    if (matched === lines.length) best = nearer(image, wanted, start, best, index - matched);
    const line = index < image.length ? image.at(index) : NO_LINE;
    while (matched > 0 && lines[matched] !== line) matched = fallback[matched - 1] ?? 0;
    if (lines[matched] === line) matched++;
  }
  return best;
}

/** `place`, if its last line is right too and it is no farther away than `best`, which stands before it. */
function nearer(
  image: LineImage,
  wanted: Wanted,
  start: number,
  best: number | null,
  place: number,
): number | null {
  if (wanted.incomplete !== null && !endsAt(image, wanted, place + wanted.lines.length)) return best;
  return best === null || Math.abs(place - start) <= Math.abs(best - start) ? place : best;
}

/** For each prefix, the length of the longest shorter prefix that is also its end. */
function failureTable(lines: readonly number[]): Int32Array {
  const table = new Int32Array(lines.length);
  let matched = 0;
  for (let index = 1; index < lines.length; index++) {
    while (matched > 0 && lines[index] !== lines[matched]) matched = table[matched - 1] ?? 0;
    if (lines[index] === lines[matched]) matched++;
    table[index] = matched;
  }
  return table;
}
