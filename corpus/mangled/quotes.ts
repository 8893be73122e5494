/**
 * Patches that stand in quotes (`> diff --git …`). In go the lines of a message, out come the stretches in which each
 * line carries the quote marks of the file header that opens them, marks taken off. A reviewer's words in between carry
 * other marks or none, and end the stretch.
 */

export interface QuotedStretch {
  readonly marks: string;
  /** First line, from 0 in the lines that were given. */
  readonly at: number;
  /** Its lines without the marks. */
  readonly lines: readonly string[];
}

/** Nobody reads a reply of more rounds than these. */
const OPENING = /^((?:[>|] ?){1,40})(diff --git |Index: |--- \S)/;

export function quotedStretches(lines: readonly string[]): readonly QuotedStretch[] {
  const stretches: QuotedStretch[] = [];
  for (let at = 0; at < lines.length; ) {
    const marks = opening(lines, at);
    if (marks === null) {
      at++;
      continue;
    }
    const stretch: string[] = [];
    let end = at;
    for (; end < lines.length; end++) {
      const text = withoutMarks(lines[end] ?? '', marks);
      if (text === null || opensOther(lines, end, marks)) break;
      stretch.push(text);
    }
    stretches.push({ marks, at, lines: stretch });
    at = end;
  }
  return stretches;
}

/** The marks in front of a file header that begins at this line. */
function opening(lines: readonly string[], at: number): string | null {
  const match = OPENING.exec(lines[at] ?? '');
  if (match === null) return null;
  const [, marks = '', word = ''] = match;
  const isPair = (line: number): boolean => (lines[line] ?? '').startsWith(`${marks}+++ `);
  // A wrapped `---` line has its timestamp on a line of its own.
  return !word.startsWith('---') || isPair(at + 1) || isPair(at + 2) ? marks : null;
}

/** Whether a quote of another depth opens a file here. */
function opensOther(lines: readonly string[], at: number, marks: string): boolean {
  const other = opening(lines, at);
  return other !== null && other !== marks;
}

/** Null for a line without the marks. An empty line may have lost the blank behind them. */
function withoutMarks(line: string, marks: string): string | null {
  if (line.startsWith(marks)) return line.slice(marks.length);
  return line === marks.trimEnd() ? '' : null;
}
