/**
 * Text in columns: cells of lines that are wrapped or cut to the width of their column. What does not fit side by side
 * shares the width fairly, so that a short column leaves its room to a long one.
 */

/** One line of a cell before it is fitted. */
export interface Line {
  readonly indent: number;
  readonly text: string;
  /** Stays at its end, whatever is cut: what the call is about, the number of a footnote. */
  readonly tag: string;
  /** Prose is wrapped; code takes three lines at most and is cut then. */
  readonly isProse: boolean;
}

/** Cells that stand side by side, by their columns. */
export interface Row {
  readonly cells: ReadonlyMap<number, readonly Line[]>;
}

const GAP = 4;

/** Where the columns need all the width that there is. */
const NARROW_GAP = 2;

/** A narrower column shows nothing; more columns than fit make the text wider. */
const MIN_WIDTH = 10;

/** A blank at which nothing is wrapped. */
export const UNBROKEN = '\u00a0';

const ELLIPSIS = '...';

/** Lines of a call before it is cut. */
const MAX_CODE_LINES = 3;

/** What hangs under the first line of a call. */
const HANGING = 4;

/** No line ends with a blank. */
export function columns(titles: readonly string[], rows: readonly Row[], width: number): readonly string[] {
  const natural = titles.map((title, column) =>
    Math.max(title.length, ...rows.flatMap(({ cells }) => (cells.get(column) ?? []).map(lengthOf))),
  );
  const between = titles.length - 1;
  const sum = natural.reduce((all, one) => all + one, 0);
  const gap = sum + GAP * between <= width ? GAP : NARROW_GAP;
  const widths = shared(natural, width - gap * between);
  const head = titles.map((title, column) => cut(title, widths[column] ?? 0));
  const rule = widths.map((wide) => '-'.repeat(wide));
  const body = rows.flatMap(({ cells }) => {
    const fitted = widths.map((wide, column) => (cells.get(column) ?? []).flatMap((line) => fit(line, wide)));
    const height = Math.max(...fitted.map(({ length }) => length));
    return Array.from({ length: height }, (_, at) =>
      beside(
        fitted.map((lines) => lines[at] ?? ''),
        widths,
        gap,
      ),
    );
  });
  return [beside(head, widths, gap), beside(rule, widths, gap), ...body];
}

/** Words on lines of this width, those behind the first indented; a longer word is broken. */
export function wrap(text: string, width: number, indent = 0): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const room = lines.length === 0 ? width : width - indent;
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= room) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = broken(word, Math.max(1, width - indent));
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line].map((one, index) => (index === 0 ? one : ' '.repeat(indent) + one));
}

function lengthOf({ indent, text, tag }: Line): number {
  return indent + text.length + tag.length;
}

/** What each column gets of `room`: all that it needs, where it needs less than its share. */
function shared(natural: readonly number[], room: number): readonly number[] {
  const widths = natural.map(() => 0);
  let left = room;
  const byNeed = natural.map((need, column) => ({ need, column })).toSorted((a, b) => a.need - b.need);
  for (const [index, { need, column }] of byNeed.entries()) {
    const share = Math.max(MIN_WIDTH, Math.floor(left / (natural.length - index)));
    widths[column] = Math.min(need, share);
    left -= widths[column] ?? 0;
  }
  return widths;
}

function fit({ indent, text, tag, isProse }: Line, width: number): readonly string[] {
  // In a narrow column what stands deep begins further left.
  const deep = Math.max(0, Math.min(indent, width - MIN_WIDTH));
  const room = width - deep;
  const start = ' '.repeat(deep);
  if (isProse) return wrap(text, room).map((line) => start + line);
  const hanging = Math.min(HANGING, room - 1);
  const lines = wrap(text + tag, room, hanging);
  const isBroken = text.split(' ').some((word, index) => word.length > (index === 0 ? room : room - hanging));
  const whole = lines.length <= MAX_CODE_LINES && !isBroken ? lines : [cut(text, room - tag.length) + tag];
  return whole.map((line) => start + line.replaceAll(UNBROKEN, ' '));
}

function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  return (
    Array.from(text)
      .slice(0, Math.max(0, width - ELLIPSIS.length))
      .join('') + ELLIPSIS.slice(0, width)
  );
}

function broken(word: string, width: number): readonly string[] {
  const letters = Array.from(word);
  return Array.from({ length: Math.ceil(letters.length / width) }, (_, at) =>
    letters.slice(at * width, (at + 1) * width).join(''),
  );
}

function beside(cells: readonly string[], widths: readonly number[], gap: number): string {
  return cells
    .map((text, column) => text.padEnd(widths[column] ?? 0))
    .join(' '.repeat(gap))
    .trimEnd();
}
