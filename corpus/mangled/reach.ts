/**
 * How far a damaged hunk can reach: to the next hunk or file, the signature, or the end of the text. In go the lines and
 * the first line behind the `@@` line, out comes the line at which the hunk has certainly ended.
 */
import type { HunkHeader } from '../../analyzers/diff/hunk.ts';

export interface Reach {
  /** Index of the first line that cannot belong to the hunk. */
  readonly stop: number;
  /** Another hunk or file begins there, so that an empty line in front of it can only be the hunk's. */
  readonly isTight: boolean;
}

/**
 * A hunk that is wrapped has more lines than its counts say. Nobody's mail is so narrow that a line of it becomes more
 * than four; the rest of the allowance is for words behind a short hunk.
 */
const MAX_PIECES = 4;
const ALLOWANCE = 64;

export function hunkReach(lines: readonly string[], from: number, header: HunkHeader): Reach {
  const bound = Math.min(lines.length, from + MAX_PIECES * (header.oldCount + header.newCount) + ALLOWANCE);
  for (let at = from; at < bound; at++) {
    if (opensNext(lines, at)) return { stop: at, isTight: true };
    if (closesPatch(lines, at)) return { stop: at, isTight: false };
  }
  // The last line feed of a text leaves an empty string that is no line.
  const isEnd = bound === lines.length && (lines[bound - 1] ?? '') === '';
  return { stop: isEnd ? Math.max(from, bound - 1) : bound, isTight: false };
}

/** Whether the next hunk or file begins at this line. */
function opensNext(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  if (line.startsWith('@@ -') || line.startsWith('diff -') || line.startsWith('Index: ')) return true;
  // A wrapped `---` line has its timestamp on a line of its own.
  return (
    line.startsWith('--- ') &&
    ((lines[at + 1] ?? '').startsWith('+++ ') || (lines[at + 2] ?? '').startsWith('+++ '))
  );
}

/** Whether the patch ends at this line: a mail signature, or PGP's. */
function closesPatch(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  if (line === '-- ' || line.startsWith('-----BEGIN PGP ')) return true;
  return line === '--' && /^(?:$|\d{1,3}\.\d)/.test(lines[at + 1] ?? '');
}
