/**
 * Whether the places where lines may have been wrapped look like the work of one mail program. In go the pieces and
 * the lines that were left whole, out comes yes or no.
 *
 * A mail program that wraps breaks each line that is too long in front of the first word that does not fit. So one
 * width explains all breaks: no first half is longer, and with the next word each would have been. And no line that
 * was left alone, though it has a blank to break at, is longer than a line that was not. (Some programs break at a
 * smaller width than the one that makes them break at all, so nothing more than this holds.) Widths are counted in
 * characters by some programs and in columns by others: either will do.
 */

/** The two halves at one break. */
export interface Break {
  /** The line in front of the break, to its end. */
  readonly before: string;
  /** The line behind it. */
  readonly after: string;
  /** Everything between two true line ends, joined. */
  readonly whole: string;
}

/** Nobody wraps mail at less; what breaks earlier is a line that its writer ended. */
const MIN_WIDTH = 60;
/** Columns between tab stops. */
const TAB = 8;

/** Whether one wrap width explains all of `breaks`, given the lines that were left whole. */
export function oneWidthExplains(breaks: readonly Break[], whole: readonly string[]): boolean {
  return [characters, columns].some((measure) => explains(breaks, whole.filter(canBreak), measure));
}

function explains(
  breaks: readonly Break[],
  whole: readonly string[],
  measure: (line: string) => number,
): boolean {
  let longest = 0;
  for (const line of whole) longest = Math.max(longest, measure(line));
  let atLeast = MIN_WIDTH;
  let below = Number.POSITIVE_INFINITY;
  for (const { before, after, whole: joined } of breaks) {
    const half = before.trimEnd();
    atLeast = Math.max(atLeast, measure(half));
    below = Math.min(below, measure(`${half} ${firstWord(after)}`));
    if (measure(joined) <= longest) return false;
  }
  return atLeast < below;
}

/** A line whose only blanks are its indentation cannot be wrapped. */
function canBreak(line: string): boolean {
  return /\S[ \t]+\S/.test(line.slice(1));
}

function firstWord(line: string): string {
  return /^\S*/.exec(line)?.[0] ?? '';
}

const characters = (line: string): number => line.length;

function columns(line: string): number {
  let column = 0;
  for (const char of line) column = char === '\t' ? column + TAB - (column % TAB) : column + 1;
  return column;
}
