/**
 * A file's lines while hunks are applied to it one after the other. In goes the file as a string of bytes (one
 * character a byte), out come its lines after the last hunk, and where each hunk's lines stand in it.
 *
 * Lines are numbers: equal lines share one, so that comparing costs a machine word and an unknown line is known to
 * match nowhere. The numbers sit in two arrays with a gap in the middle, as in an editor: hunks come in ascending
 * order, so the gap wanders once through the file and 500 hunks cost one pass, not 500.
 */

/** The number of a line that the file does not have. */
export const NO_LINE = -1;

/** Splits at line feeds, each kept at its line's end; a last line may lack it. */
export function splitLines(bytes: string): string[] {
  const lines: string[] = [];
  let from = 0;
  for (let feed = bytes.indexOf('\n'); feed >= 0; feed = bytes.indexOf('\n', from)) {
    lines.push(bytes.slice(from, feed + 1));
    from = feed + 1;
  }
  if (from < bytes.length) lines.push(bytes.slice(from));
  return lines;
}

export class LineImage {
  private readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();
  /** How often each line stood in the file at first. */
  private readonly counts: number[] = [];
  /** Line numbers into `texts`; what lies between `gapStart` and `gapEnd` is no line. */
  private readonly lines: Int32Array;
  /** Beside each line: its index in the file before (0 and up), or `-1 - hunk` for a line that a hunk put there. */
  private readonly origins: Int32Array;
  private gapStart = 0;
  private gapEnd: number;

  /** `room`: how many lines the hunks may add at most. */
  constructor(bytes: string, room: number) {
    const lines = splitLines(bytes);
    this.lines = new Int32Array(lines.length + room);
    this.origins = new Int32Array(lines.length + room);
    this.gapEnd = room;
    for (const [index, line] of lines.entries()) {
      const number = this.number(line);
      this.lines[room + index] = number;
      this.origins[room + index] = index;
      this.counts[number] = this.count(number) + 1;
    }
  }

  get length(): number {
    return this.lines.length - (this.gapEnd - this.gapStart);
  }

  private slot(index: number): number {
    return index < this.gapStart ? index : index + this.gapEnd - this.gapStart;
  }

  private number(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.texts.length;
      this.texts.push(text);
      this.numbers.set(text, number);
    }
    return number;
  }

  /** The number of lines with this text, or `NO_LINE`. */
  find(text: string): number {
    return this.numbers.get(text) ?? NO_LINE;
  }

  /** How often the line was in the file before all hunks. */
  count(number: number): number {
    return this.counts[number] ?? 0;
  }

  /** The number of the line at `index`; `NO_LINE` where a hunk put it, for no later hunk may touch it. */
  at(index: number): number {
    const slot = this.slot(index);
    return (this.origins[slot] ?? NO_LINE) < 0 ? NO_LINE : (this.lines[slot] ?? NO_LINE);
  }

  /** The text of the line at `index`, with its line feed; undefined behind the end. */
  text(index: number): string | undefined {
    return index < this.length ? this.texts[this.lines[this.slot(index)] ?? NO_LINE] : undefined;
  }

  /** The index that the line at `index` had in the file before; negative when a hunk put it there. */
  origin(index: number): number {
    return this.origins[this.slot(index)] ?? NO_LINE;
  }

  /** How many lines have to move for a change at `index`. */
  distance(index: number): number {
    return Math.abs(index - this.gapStart);
  }

  /** Puts `texts` in the place of `count` lines from `index` on, as the work of hunk number `hunk`. */
  replace(index: number, count: number, texts: readonly string[], hunk: number): void {
    this.moveGap(index);
    this.gapEnd += count;
    for (const text of texts) {
      this.lines[this.gapStart] = this.number(text);
      this.origins[this.gapStart] = -1 - hunk;
      this.gapStart++;
    }
  }

  private moveGap(index: number): void {
    const gap = this.gapEnd - this.gapStart;
    for (const array of [this.lines, this.origins]) {
      if (index < this.gapStart) array.copyWithin(index + gap, index, this.gapStart);
      else array.copyWithin(this.gapStart, this.gapEnd, index + gap);
    }
    this.gapStart = index;
    this.gapEnd = index + gap;
  }

  /** The whole file as it is now. */
  bytes(): string {
    const parts: string[] = [];
    for (let index = 0; index < this.length; index++) parts.push(this.text(index) ?? '');
    return parts.join('');
  }

  /** For each hunk that put lines into the file, the index of the first of them. */
  firstLines(): ReadonlyMap<number, number> {
    const found = new Map<number, number>();
    for (let index = 0; index < this.length; index++) {
      const hunk = -1 - this.origin(index);
      if (hunk >= 0 && !found.has(hunk)) found.set(hunk, index);
    }
    return found;
  }
}
