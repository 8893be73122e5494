/**
 * Reads file headers: `diff --git` with its extended lines, and the older `---`/`+++` pair. In go the lines
 * and the place where a header may begin, out comes what it says of the file, or null when it is no header.
 * The judge of what a header is: `git apply --numstat`.
 */
import { gitHeaderPath, isDevNull, sideName, squash, stripFirstFolder, unquote } from './paths.ts';
import type { FileChange } from './types.ts';

/** A file header before its hunks are known. */
export interface FileHeader {
  readonly oldPath: string | null;
  readonly newPath: string | null;
  readonly change: FileChange;
  readonly binary: boolean;
  /** `---`/`+++` without `diff --git`: whether the file is new or gone is then also told by its hunk. */
  readonly traditional: boolean;
  /** Line index of the header's first line, and of the first line behind it. */
  readonly start: number;
  readonly end: number;
}

/** A header that begins well and then makes no sense. */
export interface BadHeader {
  readonly reason: string;
  readonly start: number;
  readonly end: number;
}

/** Whatever one header line adds to what is known of a file under `diff --git`. */
interface GitHeaderState {
  oldPath: string | null;
  newPath: string | null;
  change: FileChange;
}

const withoutCr = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/** Lines that say nothing this program needs, yet belong to the header. */
const SILENT = ['old mode ', 'new mode ', 'similarity index ', 'dissimilarity index ', 'index '] as const;

/** `rename from X` and the like: X is relative to the tree, without `a/`. */
function plainPath(words: string): string {
  const line = withoutCr(words);
  return squash(line.startsWith('"') ? (unquote(line, 0)?.name ?? line) : line);
}

/** The path on a `---`/`+++` line under `diff --git`; null for /dev/null. */
function gitSide(words: string): string | null {
  return isDevNull(words) ? null : stripFirstFolder(sideName(words).name);
}

/** The change that a rename or copy line announces, and which side it names. */
const MOVES: readonly (readonly [string, FileChange, 'oldPath' | 'newPath'])[] = [
  ['rename from ', 'rename', 'oldPath'],
  ['rename to ', 'rename', 'newPath'],
  ['rename old ', 'rename', 'oldPath'],
  ['rename new ', 'rename', 'newPath'],
  ['copy from ', 'copy', 'oldPath'],
  ['copy to ', 'copy', 'newPath'],
];

/** Takes in one line behind `diff --git`; false when the header ends before it. */
function takeLine(state: GitHeaderState, line: string): boolean {
  if (line.startsWith('--- ')) {
    const path = gitSide(line.slice(4));
    if (path === null) state.change = 'add';
    else state.oldPath = path;
    return true;
  }
  if (line.startsWith('+++ ')) {
    const path = gitSide(line.slice(4));
    if (path === null) state.change = 'delete';
    else state.newPath = path;
    return true;
  }
  if (line.startsWith('new file mode ')) {
    state.change = 'add';
    return true;
  }
  if (line.startsWith('deleted file mode ')) {
    state.change = 'delete';
    return true;
  }
  for (const [words, change, side] of MOVES) {
    if (!line.startsWith(words)) continue;
    state.change = change;
    state[side] = plainPath(line.slice(words.length));
    return true;
  }
  return SILENT.some((words) => line.startsWith(words));
}

/** Reads the header that begins with the `diff --git` line at `start`; null when nothing belongs to it. */
export function gitHeader(lines: readonly string[], start: number): FileHeader | BadHeader | null {
  const first = lines[start] ?? '';
  const path = gitHeaderPath(first.slice('diff --git '.length));
  const state: GitHeaderState = { oldPath: null, newPath: null, change: 'modify' };
  let end = start + 1;
  while (end < lines.length && takeLine(state, lines[end] ?? '')) {
    end++;
    // Only hunks and binary data follow the `+++` line.
    if ((lines[end - 1] ?? '').startsWith('+++ ')) break;
  }
  const body = withoutCr(lines[end] ?? '');
  const binary = body === 'GIT binary patch' || isBinaryRemark(body);
  // Readable or not, the hunk is about the file named here, not about the one before.
  if (end === start + 1 && !binary && !body.startsWith('@@ -')) return null;
  const oldPath = state.change === 'add' ? null : (state.oldPath ?? path);
  const newPath = state.change === 'delete' ? null : (state.newPath ?? path);
  if ((oldPath === null && state.change !== 'add') || (newPath === null && state.change !== 'delete')) {
    return { reason: '"diff --git" header does not tell which file it is about', start, end };
  }
  return { oldPath, newPath, change: state.change, binary, traditional: false, start, end };
}

function isBinaryRemark(line: string): boolean {
  return (line.startsWith('Binary files ') || line.startsWith('Files ')) && line.endsWith(' differ');
}

/** Whether a `---` line, a `+++` line and a hunk begin at `at`. */
function startsTraditional(lines: readonly string[], at: number): boolean {
  return (
    (lines[at] ?? '').startsWith('--- ') &&
    (lines[at + 1] ?? '').startsWith('+++ ') &&
    (lines[at + 2] ?? '').startsWith('@@ -')
  );
}

/**
 * The path of one side with its first folder off. A name without folder stands for itself: patches made inside
 * one folder have nothing to strip.
 */
const stripIfFolder = (name: string): string => stripFirstFolder(name) ?? name;

/**
 * Reads a `---`/`+++` pair that a hunk follows; null when there is none at `start`. `index` is the path of the
 * `Index:` line in front, if there was one: where all three names are the same, as svn and cvs write them from the
 * tree's root, no folder is stripped. Patch and quilt name at least one side otherwise (`.orig`, `a/` and `b/`).
 */
export function traditionalHeader(
  lines: readonly string[],
  start: number,
  index: string | null,
): FileHeader | null {
  if (!startsTraditional(lines, start)) return null;
  const oldWords = (lines[start] ?? '').slice(4);
  const newWords = (lines[start + 1] ?? '').slice(4);
  const old = sideName(oldWords);
  const now = sideName(newWords);
  const strip = index === old.name && index === now.name ? squash : stripIfFolder;
  const base = { binary: false, traditional: true, start, end: start + 2 };
  if (isDevNull(oldWords)) return { ...base, oldPath: null, newPath: strip(now.name), change: 'add' };
  if (isDevNull(newWords)) return { ...base, oldPath: strip(old.name), newPath: null, change: 'delete' };
  const path = shorterName(strip(old.name), strip(now.name));
  if (old.epoch) return { ...base, oldPath: null, newPath: path, change: 'add' };
  if (now.epoch) return { ...base, oldPath: path, newPath: null, change: 'delete' };
  return { ...base, oldPath: path, newPath: path, change: 'modify' };
}

/** The new name, unless it is the old one with something behind it (`inode.c~`, `inode.c.new`). */
function shorterName(old: string, now: string): string {
  return now === '' || (old.length < now.length && old !== '' && now.startsWith(old)) ? old : now;
}

/** `Binary files a/X and b/X differ`, which `diff -r` prints in the place of a header; null for anything else. */
export function binaryRemark(lines: readonly string[], start: number): FileHeader | null {
  const line = withoutCr(lines[start] ?? '');
  if (!line.startsWith('Binary files ') || !isBinaryRemark(line)) return null;
  const names = line.slice('Binary files '.length, -' differ'.length).split(' and ');
  const [first, second] = names;
  if (first === undefined || second === undefined || names.length > 2) return null;
  const oldPath = isDevNull(first) ? null : stripIfFolder(first);
  const newPath = isDevNull(second) ? null : stripIfFolder(second);
  const change = oldPath === null ? 'add' : newPath === null ? 'delete' : 'modify';
  return { oldPath, newPath, change, binary: true, traditional: true, start, end: start + 1 };
}

/** The forms of diff that have no unified hunks. */
const FOREIGN_COMMAND = /^\d{1,9}(?:,\d{1,9})?[acd](?:\d{1,9}(?:,\d{1,9})?)?\r?$/;

/** A diff of another form at `start`: what it is about and why it is left out; null when there is none. */
export function foreignDiff(lines: readonly string[], start: number): BadHeader | null {
  const line = lines[start] ?? '';
  const isContext =
    line.startsWith('*** ') &&
    (lines[start + 1] ?? '').startsWith('--- ') &&
    (lines[start + 2] ?? '').startsWith('***************');
  if (isContext) {
    return { reason: 'context diff: only unified diffs are reviewed', start, end: start + 3 };
  }
  // Such a line means nothing in prose, so it counts only where the line in front opens a file's diff.
  const opener = lines[start - 1] ?? '';
  if (!FOREIGN_COMMAND.test(line) || !opener.startsWith('diff ') || opener.startsWith('diff --git '))
    return null;
  const isNormal = /[acd]\d/.test(line);
  const name = isNormal ? 'diff without context' : 'ed script';
  return { reason: `${name}: only unified diffs are reviewed`, start, end: start + 1 };
}
