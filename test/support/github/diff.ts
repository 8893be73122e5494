/**
 * Diffs as the API shows them: files with their patches, limits applied, and the lines on which a comment may stand. It reads
 * what git prints by itself, apart from the program's own reader of diffs, so that the two can disagree.
 */

import {
  MAX_DIFF_BYTES,
  MAX_DIFF_FILES,
  MAX_DIFF_LINES,
  MAX_FILE_DIFF_BYTES,
  MAX_FILE_DIFF_LINES,
} from '../../../bot/github/limits.ts';
import { git, gitBytes } from './git.ts';
import { remembered } from './remembered.ts';

export type Side = 'LEFT' | 'RIGHT';

export interface DiffFile {
  readonly path: string;
  readonly previousPath: string | null;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed' | 'copied';
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  /** From the first `@@` on; null for binary files. */
  readonly patch: string | null;
}

/** A line of a hunk, with where it stands on each side; null where it does not. */
interface HunkLine {
  readonly left: number | null;
  readonly right: number | null;
  /** Lines down from the file's first `@@`. */
  readonly position: number;
  readonly text: string;
}

interface Hunk {
  readonly header: string;
  readonly lines: readonly HunkLine[];
}

export interface Anchor {
  readonly hunk: number;
  readonly position: number;
  /** The hunk up to the line. */
  readonly text: string;
}

const STATUS: Readonly<Record<string, DiffFile['status']>> = {
  A: 'added',
  C: 'copied',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'changed',
};

/** The files that differ between two commits, in git's order. */
export const diffFiles = remembered(async (directory, from = '', to = ''): Promise<readonly DiffFile[]> => {
  const [raw, patches] = await Promise.all([
    git(directory, ['diff', '-M', '--raw', '--no-abbrev', '-z', from, to]),
    diffText(directory, from, to),
  ]);
  const texts = patches
    .toString('utf8')
    .split(/^(?=diff --git )/m)
    .filter(Boolean);
  return readRaw(raw).map((file, index) => withPatch(file, texts[index] ?? ''));
});

type RawFile = Pick<DiffFile, 'path' | 'previousPath' | 'status' | 'sha'>;

/** `:MODE MODE SHA SHA LETTER` and the path, two paths for renames, all ended by NUL. */
function readRaw(output: string): RawFile[] {
  const fields = output.split('\0');
  const files: RawFile[] = [];
  for (let at = 0; at + 1 < fields.length; ) {
    const [, , before = '', after = '', letters = 'M'] = (fields[at] ?? '').split(' ');
    const status = STATUS[letters[0] ?? ''] ?? 'changed';
    const moved = status === 'renamed' || status === 'copied';
    files.push({
      path: fields[at + (moved ? 2 : 1)] ?? '',
      previousPath: moved ? (fields[at + 1] ?? '') : null,
      status,
      sha: status === 'removed' ? before : after,
    });
    at += moved ? 3 : 2;
  }
  return files;
}

function withPatch(file: RawFile, text: string): DiffFile {
  const start = text.search(/^@@ /m);
  const patch = start < 0 ? null : text.slice(start).replace(/\n$/, '');
  const lines = patch === null ? [] : patch.split('\n');
  return {
    ...file,
    patch,
    additions: lines.filter((line) => line.startsWith('+')).length,
    deletions: lines.filter((line) => line.startsWith('-')).length,
  };
}

/** The diff between two commits as the `diff` media type gives it. */
export async function diffText(directory: string, from: string, to: string): Promise<Buffer> {
  return await gitBytes(directory, ['diff', '-M', '--no-color', '--no-ext-diff', from, to]);
}

/** The commits of a range as mails, as the `patch` media type gives them. */
export async function patchText(directory: string, from: string, to: string): Promise<Buffer> {
  return await gitBytes(directory, ['format-patch', '--stdout', '-M', '--no-signature', `${from}..${to}`]);
}

/** Why GitHub renders no such diff; null when it does. */
export function tooLarge(files: readonly DiffFile[], bytes: Buffer): string | null {
  if (files.length > MAX_DIFF_FILES)
    return `Sorry, the diff exceeded the maximum number of files (${MAX_DIFF_FILES}). Consider using 'List pull requests files' API or locally cloning the repository instead.`;
  if (countLines(bytes) > MAX_DIFF_LINES)
    return `Sorry, the diff exceeded the maximum number of lines (${MAX_DIFF_LINES})`;
  if (bytes.length > MAX_DIFF_BYTES) return 'Sorry, the diff exceeded the maximum size (1 MB)';
  return null;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

/** The files with the patches that GitHub leaves out taken away: of large files, and all behind the limit of the whole. */
export function withinLimits(files: readonly DiffFile[]): readonly DiffFile[] {
  let lines = 0;
  let bytes = 0;
  return files.map((file, index) => {
    const text = file.patch ?? '';
    const size = Buffer.byteLength(text);
    const count = text.split('\n').length;
    lines += count;
    bytes += size;
    const shown =
      count <= MAX_FILE_DIFF_LINES &&
      size <= MAX_FILE_DIFF_BYTES &&
      lines <= MAX_DIFF_LINES &&
      bytes <= MAX_DIFF_BYTES &&
      index < MAX_DIFF_FILES;
    return shown ? file : { ...file, patch: null };
  });
}

/** Where a comment on this line of this side would stand; null where the diff does not show the line. */
export function anchorOf({ patch }: DiffFile, side: Side, line: number): Anchor | null {
  for (const [index, { header, lines }] of hunks(patch ?? '').entries()) {
    const at = lines.findIndex((row) => (side === 'LEFT' ? row.left : row.right) === line);
    const row = lines[at];
    if (row === undefined) continue;
    const shown = lines.slice(0, at + 1).map(({ text }) => text);
    return { hunk: index, position: row.position, text: [header, ...shown].join('\n') };
  }
  return null;
}

/** The line of a side that stands so many lines down from the file's first `@@`. */
export function lineAtPosition({ patch }: DiffFile, position: number): { side: Side; line: number } | null {
  const row = hunks(patch ?? '')
    .flatMap(({ lines }) => lines)
    .find((candidate) => candidate.position === position);
  if (row === undefined) return null;
  if (row.right !== null) return { side: 'RIGHT', line: row.right };
  return row.left === null ? null : { side: 'LEFT', line: row.left };
}

function hunks(patch: string): readonly Hunk[] {
  const found: { header: string; lines: HunkLine[] }[] = [];
  let left = 0;
  let right = 0;
  for (const [position, text] of patch.split('\n').entries()) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (header !== null) {
      left = Number(header[1]);
      right = Number(header[2]);
      found.push({ header: text, lines: [] });
      continue;
    }
    const sign = text[0];
    if (sign === '\\' || sign === undefined) continue;
    found.at(-1)?.lines.push({
      left: sign === '+' ? null : left,
      right: sign === '-' ? null : right,
      position,
      text,
    });
    if (sign !== '+') left += 1;
    if (sign !== '-') right += 1;
  }
  return found;
}

/** Where a line of one commit stands in another: null where the line was changed or the file is gone. */
export async function followLine(
  directory: string,
  from: string,
  to: string,
  path: string,
  line: number,
): Promise<number | null> {
  const output = await git(directory, ['diff', '-U0', '--no-color', '--no-ext-diff', from, to, '--', path]);
  if (/^deleted file mode/m.test(output)) return null;
  let shift = 0;
  for (const match of output.matchAll(/^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/gm)) {
    const start = Number(match[1]);
    const removed = Number(match[2] ?? 1);
    // With nothing removed, git names the line behind which the new ones stand.
    if (removed === 0 ? start >= line : start > line) break;
    if (removed > 0 && line < start + removed) return null;
    shift += Number(match[3] ?? 1) - removed;
  }
  return line + shift;
}
