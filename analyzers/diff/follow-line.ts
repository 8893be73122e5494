/** Where a line of a file stands after further patches. Diffs in the order in which they apply go in. */

import type { FileDiff, ParsedDiff } from './types.ts';

export interface FileLine {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
}

/** Null where one of the diffs takes the line or its file away, or could not be read there. */
export function followLine(from: FileLine, diffs: readonly ParsedDiff[]): FileLine | null {
  let place: FileLine | null = from;
  for (const { files } of diffs) {
    if (place === null) return null;
    const { path } = place;
    // A copy leaves its source as it was.
    const file = files.find(({ oldPath, change }) => oldPath === path && change !== 'copy');
    if (file !== undefined) place = inFile(place, file);
  }
  return place;
}

function inFile({ line }: FileLine, { newPath, hunks, damaged }: FileDiff): FileLine | null {
  if (newPath === null || damaged === true) return null;
  let shift = 0;
  for (const hunk of hunks) {
    const { oldStart, oldCount, newCount } = hunk;
    // A side without lines names the line in front of it.
    const first = oldCount === 0 ? oldStart + 1 : oldStart;
    if (line < first) break;
    if (line < first + oldCount) return insideHunk(line - first, hunk, newPath);
    shift += newCount - oldCount;
  }
  return { path: newPath, line: line + shift };
}

/** `index` counts the old side's lines of the hunk from 0. */
function insideHunk(index: number, hunk: FileDiff['hunks'][number], path: string): FileLine | null {
  const start = hunk.newCount === 0 ? hunk.newStart + 1 : hunk.newStart;
  let old = 0;
  let added = 0;
  for (const { kind } of hunk.lines) {
    if (kind !== 'add' && old === index) return kind === 'remove' ? null : { path, line: start + added };
    if (kind !== 'add') old++;
    if (kind !== 'remove') added++;
  }
  return null;
}
