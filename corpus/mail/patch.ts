/**
 * Where a mail's patch begins. The judge is `git mailinfo`: the first line that opens a diff, an `Index: ` line,
 * or a `---` that stands alone or names a file ends the commit message; all behind it is the patch.
 */
import { parseDiff } from '../../analyzers/diff/parse.ts';
import type { ParsedDiff } from '../../analyzers/diff/types.ts';
import type { MailMessage } from './types.ts';

export interface MailPatch {
  /** The mail's text from the patch's first line on. */
  readonly text: string;
  /** Line of that first line in the mail's text, from 1. */
  readonly line: number;
  /** What the text says. */
  readonly diff: ParsedDiff;
}

/** The line, with its line feed, that ends a commit message: `git mailinfo` calls it a patch break. */
export const PATCH_BREAK = /^(?:diff -|Index: |---(?: [^\t-\r ]|[\t-\r ]*\n))/m;

/** The patch in a mail, or null when nothing in it is about a file. */
export function findPatch(message: Pick<MailMessage, 'text'>): MailPatch | null {
  const start = PATCH_BREAK.exec(message.text)?.index;
  if (start === undefined) return null;
  const text = message.text.slice(start);
  const diff = parseDiff(text);
  if (diff.files.length === 0 && diff.problems.length === 0) return null;
  return { text, line: countLines(message.text, start) + 1, diff };
}

/** Line feeds in front of `end`. */
export function countLines(text: string, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
