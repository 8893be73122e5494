/**
 * File headers that a mail program cut in two: `diff --git a/X` with `b/X` on the next line, and a `---` or `+++` line
 * with its timestamp on the next. In go the lines, out comes the header's line as it was. The proof: both names of
 * `diff --git` agree, or the rest is the end of a timestamp and the line behind it is the one that has to come.
 */
import { gitHeaderPath } from '../../analyzers/diff/paths.ts';

export interface WrappedHeader {
  readonly text: string;
}

/** A timestamp, or its end: the date and the blank behind it may have stayed on the line before. */
const STAMP_END =
  /^(?:(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ \d]\d |\d{4}-\d\d-\d\d[ \t])?\d{1,2}:\d\d(?::\d\d)?(?:\.\d{1,9})?(?: \d{4})?(?: [+-]\d{4})?\s*$/;
const ZONE = /^[+-]\d{4}\s*$/;
/** No timestamp is longer; what is longer is words. */
const MAX_STAMP = 60;

export function wrappedHeader(lines: readonly string[], at: number): WrappedHeader | null {
  const line = lines[at] ?? '';
  const rest = lines[at + 1] ?? '';
  const behind = lines[at + 2] ?? '';
  if (line.startsWith('diff --git ')) {
    if (!rest.startsWith('b/') && !rest.startsWith('"b/')) return null;
    const text = `${line.trimEnd()} ${rest}`;
    return gitHeaderPath(text.slice('diff --git '.length)) === null ? null : { text };
  }
  const next = line.startsWith('--- ') ? '+++ ' : line.startsWith('+++ ') ? '@@ -' : null;
  if (next === null || !behind.startsWith(next) || rest.length > MAX_STAMP) return null;
  return STAMP_END.test(rest) || ZONE.test(rest) ? { text: `${line.trimEnd()}\t${rest}` } : null;
}
