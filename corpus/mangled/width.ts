/**
 * Whether the places where lines may have been wrapped look like the work of one mail program. In go the halves at each
 * break and the text around them, out comes yes or no.
 *
 * A mail program that wraps breaks each line that is too long in front of the first word that does not fit. So one
 * width explains all breaks: no first half is longer, and with the next word each would have been. A line that was left
 * alone, though it has a blank to break at, is not longer than that width. Some programs break at a smaller width than
 * the one that makes them break at all: then a whole line is only known to be shorter than each line that was broken,
 * and it takes two breaks that agree. Widths are counted in characters by some programs and in columns by others.
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

type Measure = (line: string) => number;

/** Columns between tab stops. */
const TAB = 8;

const MEASURES: readonly Measure[] = [
  (line) => line.length,
  (line) => {
    let column = 0;
    for (const char of line) column = char === '\t' ? column + TAB - (column % TAB) : column + 1;
    return column;
  },
];

/** Nobody wraps mail at less; what breaks earlier is a line that its writer ended. */
const MIN_WIDTH = 60;

/** The longest lines of a text that could have been wrapped, one number for each way to count. Quotes are left alone. */
export type LongestLines = readonly number[];

export function longestLines(text: readonly string[]): LongestLines {
  const lines = text.filter((line) => !line.startsWith('>') && canBreak(line)).map((line) => line.trimEnd());
  return MEASURES.map((measure) => lines.reduce((longest, line) => Math.max(longest, measure(line)), 0));
}

/**
 * Whether one wrap width explains all of `breaks` in a text whose lines are as long as `longest`. `agreeing` is the
 * number of breaks that are needed where the text has lines longer than that width.
 */
export function oneWidthExplains(breaks: readonly Break[], longest: LongestLines, agreeing: number): boolean {
  return MEASURES.some((measure, index) => explains(breaks, longest[index] ?? 0, agreeing, measure));
}

function explains(breaks: readonly Break[], longest: number, agreeing: number, measure: Measure): boolean {
  let atLeast = MIN_WIDTH;
  let below = Number.POSITIVE_INFINITY;
  let shortest = Number.POSITIVE_INFINITY;
  for (const { before, after, whole } of breaks) {
    const half = before.trimEnd();
    atLeast = Math.max(atLeast, measure(half));
    below = Math.min(below, measure(`${half} ${firstWord(after)}`));
    shortest = Math.min(shortest, measure(whole));
  }
  if (atLeast >= below) return false;
  return longest < below || (breaks.length >= agreeing && longest < shortest);
}

/** A line whose only blanks are its indentation cannot be wrapped. */
function canBreak(line: string): boolean {
  return /\S[ \t]+\S/.test(line.slice(1));
}

function firstWord(line: string): string {
  return /^\S*/.exec(line)?.[0] ?? '';
}
