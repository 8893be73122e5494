/**
 * File headers that a mail program cut in two: `diff --git a/X` with `b/X` on the next line, and a `---` or `+++` line
 * with its timestamp on the next. In go the lines, out comes the header's line as it was. The proof: both names of
 * `diff --git` are there and the line behind them is one that has to come, or the rest is the end of a timestamp and so is
 * the line behind it.
 */

export interface WrappedHeader {
  readonly text: string;
}

/** A timestamp, or its end: the date and the blank behind it may have stayed on the line before. */
const STAMP_END =
  /^(?:(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ \d]\d |\d{4}-\d\d-\d\d[ \t])?\d{1,2}:\d\d(?::\d\d)?(?:\.\d{1,9})?(?: \d{4})?(?: [+-]\d{4})?\s*$/;
const ZONE = /^[+-]\d{4}\s*$/;
/** What follows a `diff --git` line. */
const BEHIND_GIT = /^(?:index |similarity index |old mode |new file mode |deleted file mode |--- )/;
/** No timestamp is longer; what is longer is words. */
const MAX_STAMP = 60;

export function wrappedHeader(lines: readonly string[], at: number): WrappedHeader | null {
  const line = lines[at] ?? '';
  const rest = lines[at + 1] ?? '';
  const behind = lines[at + 2] ?? '';
  if (line.startsWith('diff --git ')) {
    const isPair = /^diff --git a\/\S+\s*$/.test(line) && /^b\/\S+\s*$/.test(rest);
    return isPair && BEHIND_GIT.test(behind) ? { text: `${line.trimEnd()} ${rest}` } : null;
  }
  const next = line.startsWith('--- ') ? '+++ ' : line.startsWith('+++ ') ? '@@ -' : null;
  if (next === null || !behind.startsWith(next) || rest.length > MAX_STAMP) return null;
  return STAMP_END.test(rest) || ZONE.test(rest) ? { text: `${line.trimEnd()}\t${rest}` } : null;
}
