/** Finds the lines that findings and their steps are about in what a group holds of the source: the hunks of a patch, excerpts of a file. */

import type { FileDiff, Hunk } from '../../analyzers/diff/types.ts';
import type { Finding, Step } from '../../analyzers/vocabulary/finding.ts';
import type { FindingGroup } from './form.ts';
import { remedyOf } from './remedy.ts';

/** What the run has kept of the source; nothing where no form asked for it. */
export function sourceOf(group: FindingGroup): readonly FileDiff[] {
  return (group.kind === 'patch' ? group.report.context?.files : group.file.excerpts) ?? [];
}

/** A line by its file, hunk and place in that, counted from 0. */
export interface LinePlace {
  readonly file: number;
  readonly hunk: number;
  readonly line: number;
}

/** Null where no hunk shows the line, or where what it shows there is something else. */
export function placeOfLine(
  source: readonly FileDiff[],
  { path, line, side, code }: Pick<Step, 'path' | 'line' | 'side' | 'code'>,
): LinePlace | null {
  for (const [file, { oldPath, newPath, hunks }] of source.entries()) {
    if (path !== (side === 'pre' ? oldPath : newPath)) continue;
    for (const [hunk, one] of hunks.entries()) {
      const at = lineOf(one, line, side);
      const text = one.lines[at]?.text;
      // Beside the whole file a hunk may stand elsewhere than it says.
      if (text !== undefined) return holds(text, code) ? { file, hunk, line: at } : null;
    }
  }
  return null;
}

/** The line that a finding is about and the line that it should be; null where that is not all there is to change. */
export function remedyIn(
  source: readonly FileDiff[],
  finding: Finding,
): readonly [before: string, after: string] | null {
  const { path, line, status, side, steps } = finding;
  const step = steps.findLast((one) => one.path === path && one.line === line);
  const place = step === undefined ? null : placeOfLine(source, step);
  if (place === null || status === 'fixed' || side !== 'post') return null;
  const text = source[place.file]?.hunks[place.hunk]?.lines[place.line]?.text ?? '';
  const mended = remedyOf(finding, text);
  return mended === null ? null : [text, mended];
}

/** Its place in the hunk; -1 where that does not have it. */
function lineOf({ oldStart, newStart, lines }: Hunk, line: number, side: Step['side']): number {
  let number = side === 'pre' ? oldStart : newStart;
  const other = side === 'pre' ? 'add' : 'remove';
  return lines.findIndex(({ kind }) => kind !== other && number++ === line);
}

/** Whether the code may begin on this line. */
function holds(text: string, code: string): boolean {
  const [word = ''] = /\w+/.exec(code) ?? [];
  return text.includes(word);
}
