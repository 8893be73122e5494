/**
 * Reads one hunk: the `@@` line and exactly as many lines as it promises. A hunk that does not keep its promise
 * is refused as a whole, with what it promised and what was found, because a half-read hunk would be analysed
 * as code that nobody wrote.
 */
import type { Hunk, HunkLine, HunkLineKind } from './types.ts';

const HUNK_HEADER = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/;

/**
 * The text of the "no newline" remark is translated by some diff programs, so only its start and its least
 * length are certain (the same sanity check as git's: twelve bytes with the line feed).
 */
const NO_NEWLINE_START = '\\ ';
const NO_NEWLINE_LENGTH = 11;

/** What the `@@` line says. */
export interface HunkHeader {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  readonly heading: string;
}

export type HunkResult =
  | { readonly ok: true; readonly hunk: Hunk /** First line index behind the hunk. */; readonly end: number }
  | { readonly ok: false; readonly reason: string };

/** The numbers of a `@@` line, or null when it is none. */
export function hunkHeader(line: string): HunkHeader | null {
  const match = HUNK_HEADER.exec(line);
  if (match === null) return null;
  return {
    oldStart: Number(match[1]),
    oldCount: match[2] === undefined ? 1 : Number(match[2]),
    newStart: Number(match[3]),
    newCount: match[4] === undefined ? 1 : Number(match[4]),
    heading: line.slice(match[0].length).trim(),
  };
}

function isNoNewlineRemark(line: string): boolean {
  return line.startsWith(NO_NEWLINE_START) && line.length >= NO_NEWLINE_LENGTH;
}

/** Reads the hunk whose `@@` line is `lines[at]`. */
export function readHunk(lines: readonly string[], at: number, header: HunkHeader): HunkResult {
  const found: HunkLine[] = [];
  let oldLeft = header.oldCount;
  let newLeft = header.newCount;
  let changes = 0;
  /** How many lines stand in front of the remark that a side's last line has no newline; null without remark. */
  let oldRemark: number | null = null;
  let newRemark: number | null = null;
  const remark = (): void => {
    const last = found.at(-1)?.kind;
    if (last !== 'add') oldRemark = found.length;
    if (last !== 'remove') newRemark = found.length;
  };

  let next = at + 1;
  for (; next < lines.length && (oldLeft > 0 || newLeft > 0); next++) {
    const line = lines[next] ?? '';
    // The very last line feed of the text leaves one empty string that is no line.
    if (line === '' && next === lines.length - 1) break;
    const column = line.charAt(0);
    if (column === ' ' || column === '' || line === '\r') {
      // Mail programs and editors eat the lone space of an empty context line.
      found.push({ kind: 'context', text: column === ' ' ? line.slice(1) : line });
      oldLeft--;
      newLeft--;
    } else if (column === '-') {
      found.push({ kind: 'remove', text: line.slice(1) });
      oldLeft--;
      changes++;
    } else if (column === '+') {
      found.push({ kind: 'add', text: line.slice(1) });
      newLeft--;
      changes++;
    } else if (isNoNewlineRemark(line)) {
      remark();
    } else {
      break;
    }
    if (oldLeft < 0 || newLeft < 0) break;
  }
  const complete = oldLeft === 0 && newLeft === 0;
  if (!complete) {
    return refuse(header, header.oldCount - oldLeft, header.newCount - newLeft);
  }
  if (changes === 0) return { ok: false, reason: 'hunk changes nothing' };
  if (next < lines.length && isNoNewlineRemark(lines[next] ?? '')) {
    remark();
    next++;
  }
  const extra = linesBeyond(lines, next);
  if (extra.changes > 0) {
    return refuse(header, header.oldCount + extra.old, header.newCount + extra.new);
  }
  if (isEarly(oldRemark, found, 'add') || isEarly(newRemark, found, 'remove')) {
    return { ok: false, reason: 'hunk says "no newline at end of file" in front of more lines' };
  }
  const hunk: Hunk = {
    ...header,
    lines: found,
    oldEndsWithoutNewline: oldRemark !== null,
    newEndsWithoutNewline: newRemark !== null,
    line: at + 1,
  };
  return { ok: true, hunk, end: next };
}

/** Whether lines of the remark's own side follow it; `git apply` would glue those lines together. */
function isEarly(remark: number | null, lines: readonly HunkLine[], otherSide: HunkLineKind): boolean {
  return remark !== null && lines.slice(remark).some(({ kind }) => kind !== otherSide);
}

function refuse(header: HunkHeader, oldFound: number, newFound: number): HunkResult {
  const promised = `${header.oldCount} old and ${header.newCount} new lines`;
  return {
    ok: false,
    reason: `hunk promises ${promised}, but ${oldFound} old and ${newFound} new were found`,
  };
}

/**
 * Lines behind a complete hunk that still look like its body. `git apply` would drop them without a word and
 * apply half of a change. Two dashes in front are never taken for a removed line here: that is how signatures
 * (`-- `), rulers and the next `--- a/file` header begin; nor is `+++ `.
 */
function linesBeyond(
  lines: readonly string[],
  from: number,
): { readonly old: number; readonly new: number; readonly changes: number } {
  let old = 0;
  let added = 0;
  let changes = 0;
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.startsWith('--') || line.startsWith('+++ ')) break;
    const column = line.charAt(0);
    if (column === ' ') {
      old++;
      added++;
    } else if (column === '-') {
      old++;
      changes++;
    } else if (column === '+') {
      added++;
      changes++;
    } else {
      break;
    }
  }
  return { old, new: added, changes };
}
