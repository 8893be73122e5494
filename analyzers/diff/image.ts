/**
 * What a hunk's lines look like before and after the patch, and the patch turned round. Plain functions from
 * diff data to diff data; nothing here reads a file.
 */
import type { ImageSide } from '../vocabulary/finding.ts';
import type { DiffProblem, FileChange, FileDiff, Hunk, HunkLine, ParsedDiff } from './types.ts';

export interface ImageLine {
  readonly text: string;
  /** Removed by the patch (pre image) or added by it (post image). */
  readonly changed: boolean;
  /** Line number in that image's file. */
  readonly line: number;
}

export interface HunkImage {
  /** Line of the first image line; of an empty image, the line where it would stand. */
  readonly startLine: number;
  readonly lines: readonly ImageLine[];
}

/** The lines of one side of a hunk with their line numbers in that side's file. */
export function hunkImage(hunk: Hunk, side: ImageSide): HunkImage {
  const absent = side === 'pre' ? 'add' : 'remove';
  const start = side === 'pre' ? hunk.oldStart : hunk.newStart;
  const count = side === 'pre' ? hunk.oldCount : hunk.newCount;
  // A side without lines names the line in front of it.
  const startLine = count === 0 ? start + 1 : start;
  const lines: ImageLine[] = [];
  for (const { kind, text } of hunk.lines) {
    if (kind === absent) continue;
    lines.push({ text, changed: kind !== 'context', line: startLine + lines.length });
  }
  return { startLine, lines };
}

/**
 * The hunks with the line numbers of the real files, where `applyFileDiff` found them, instead of those that the diff
 * names; every image made of them then speaks of true lines.
 */
export function placedHunks(
  file: FileDiff,
  places: readonly { readonly preLine: number; readonly postLine: number }[],
): readonly Hunk[] {
  return file.hunks.map((hunk, index) => {
    const place = places[index];
    if (place === undefined) throw new Error(`hunk ${index} has no place`);
    // A side without lines names the line in front of it.
    const oldStart = hunk.oldCount === 0 ? place.preLine - 1 : place.preLine;
    const newStart = hunk.newCount === 0 ? place.postLine - 1 : place.postLine;
    return { ...hunk, oldStart, newStart };
  });
}

/** The diff that undoes `diff`, as `git apply -R` sees it. */
export function reverseDiff(diff: ParsedDiff): ParsedDiff {
  const files: FileDiff[] = [];
  const problems: DiffProblem[] = [...diff.problems];
  for (const file of diff.files) {
    if (file.change === 'copy') {
      const reason = 'a copy cannot be reversed: its source stays what it was';
      problems.push({ line: file.line, path: file.newPath, reason });
      continue;
    }
    files.push(reverseFile(file));
  }
  return { files, problems };
}

/** The same for one file, which must not be a copy. */
export function reverseFile(file: FileDiff): FileDiff {
  return {
    ...file,
    oldPath: file.newPath,
    newPath: file.oldPath,
    change: reverseChange(file.change),
    hunks: file.hunks.map(reverseHunk),
  };
}

function reverseChange(change: FileChange): FileChange {
  if (change === 'add') return 'delete';
  return change === 'delete' ? 'add' : change;
}

function reverseHunk(hunk: Hunk): Hunk {
  return {
    ...hunk,
    oldStart: hunk.newStart,
    oldCount: hunk.newCount,
    newStart: hunk.oldStart,
    newCount: hunk.oldCount,
    oldEndsWithoutNewline: hunk.newEndsWithoutNewline,
    newEndsWithoutNewline: hunk.oldEndsWithoutNewline,
    lines: reverseLines(hunk.lines),
  };
}

/** Swaps added and removed lines; between two context lines the removed ones come first, as diff writes them. */
function reverseLines(lines: readonly HunkLine[]): readonly HunkLine[] {
  const reversed: HunkLine[] = [];
  let added: HunkLine[] = [];
  for (const { kind, text } of lines) {
    if (kind === 'add') {
      reversed.push({ kind: 'remove', text });
    } else if (kind === 'remove') {
      added.push({ kind: 'add', text });
    } else {
      reversed.push(...added, { kind, text });
      added = [];
    }
  }
  reversed.push(...added);
  return reversed;
}
