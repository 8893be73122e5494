/**
 * `inspect` for people: a function's blocks with line, code and event; for a patch, the function before and after
 * it beside each other.
 */

import type { InspectedChange, InspectedFunction, InspectItem } from '../pipeline/inspect.ts';
import {
  blockTitle,
  type EventLine,
  eventLines,
  functionTitle,
  type InspectOptions,
  jumpLine,
  shownBlocks,
} from './inspect-lines.ts';
import { printable } from './printable.ts';

/** The column of what stands before the patch; longer lines are cut, the JSON form has all of them. */
const COLUMN_WIDTH = 84;

/** Longer functions are put beside each other without being matched line by line: the table is quadratic. */
const MAX_MATCHED_LINES = 1_000;

export function inspectItemText(item: InspectItem, options: InspectOptions): string {
  switch (item.kind) {
    case 'function':
      return `${printable(item.path)}:${item.function.startLine}: ${functionText(item.function, options)}\n`;
    case 'change':
      return changeText(item.subject, item.path, item.change, options);
    case 'unread': {
      const place = item.line === null ? '' : `:${item.line}`;
      return `${printable(item.path)}${place}: not read: ${printable(item.reason)}\n\n`;
    }
  }
}

function functionText(fn: InspectedFunction, options: InspectOptions): string {
  return `${functionTitle(fn)}\n${[...notes(fn), ...body(fn, options).map(({ text }) => text)].join('\n')}\n`;
}

function notes({ slots, sight, unreadable }: InspectedFunction): string[] {
  const lines = slots.map(({ slot, structType, line }) => {
    const where = structType === null ? 'is assigned to' : `struct ${printable(structType)}`;
    return structType === null
      ? `  ${where} .${printable(slot)} in line ${line}`
      : `  is .${printable(slot)} of a ${where} in line ${line}`;
  });
  if (sight === 'hunk') lines.push('  only a piece of it is in sight');
  if (unreadable > 0) lines.push(`  ${unreadable} statement(s) could not be read`);
  return lines;
}

interface Line {
  readonly text: string;
  /** By which lines before and after a patch are matched: without line numbers. */
  readonly key: string;
}

function body(fn: InspectedFunction, options: InspectOptions): readonly Line[] {
  const blocks = shownBlocks(fn, options);
  const events = blocks.map((block) => eventLines(block, options));
  const width = events.flat().reduce((most, { code }) => Math.max(most, code.length), 0);
  return blocks.flatMap((block, index) => {
    const lines = [plain(`  ${blockTitle(block)}`)];
    for (const event of events[index] ?? []) lines.push(eventLine(event, width));
    lines.push(plain(`         ${jumpLine(block)}`));
    return lines;
  });
}

function plain(text: string): Line {
  return { text, key: text };
}

function eventLine({ line, code, what }: EventLine, width: number): Line {
  const number = (line === null ? '' : String(line)).padStart(7);
  return { text: `${number}  ${code.padEnd(width)}  ${what}`, key: `${code} ${what}` };
}

function changeText(
  subject: string,
  path: string,
  { pre, post }: InspectedChange,
  options: InspectOptions,
): string {
  const fn = post ?? pre;
  if (fn === null) return '';
  const head = `${printable(path)}:${fn.startLine}: ${functionTitle(fn)}, ${printable(subject)}`;
  const left = pre === null ? [] : body(pre, options);
  const right = post === null ? [] : body(post, options);
  const rows = beside(left, right).map(([before, after]) => {
    const mark = before === null ? '>' : after === null ? '<' : ' ';
    const text = before?.text ?? '';
    const cut =
      text.length > COLUMN_WIDTH ? `${text.slice(0, COLUMN_WIDTH - 1)}…` : text.padEnd(COLUMN_WIDTH);
    return `${cut} ${mark} ${after?.text ?? ''}`.trimEnd();
  });
  const titles = `${'  before'.padEnd(COLUMN_WIDTH)}     after`;
  return `${[head, ...notes(fn), titles, ...rows].join('\n')}\n\n`;
}

/** Rows of equal lines, or of a line that only one side has: the longest common subsequence. */
function beside(
  left: readonly Line[],
  right: readonly Line[],
): readonly (readonly [Line | null, Line | null])[] {
  if (left.length > MAX_MATCHED_LINES || right.length > MAX_MATCHED_LINES) {
    return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => [
      left[index] ?? null,
      right[index] ?? null,
    ]);
  }
  const width = right.length + 1;
  const common = new Uint16Array((left.length + 1) * width);
  const at = (row: number, column: number): number => common[row * width + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row--) {
    for (let column = right.length - 1; column >= 0; column--) {
      common[row * width + column] =
        left[row]?.key === right[column]?.key
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const rows: [Line | null, Line | null][] = [];
  let row = 0;
  let column = 0;
  while (row < left.length || column < right.length) {
    const before = left[row];
    const after = right[column];
    if (before !== undefined && after !== undefined && before.key === after.key) {
      rows.push([before, after]);
      row++;
      column++;
    } else if (before !== undefined && (after === undefined || at(row + 1, column) >= at(row, column + 1))) {
      rows.push([before, null]);
      row++;
    } else {
      rows.push([null, after ?? null]);
      column++;
    }
  }
  return rows;
}
