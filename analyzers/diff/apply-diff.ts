/**
 * A whole diff applied to a tree: `applyFileDiff` for each of its files, in order. In go the parsed diff and a way to
 * read a file, out comes each file's image or refusal; nothing is written. As with `git apply`, what a diff says of a
 * file a second time is about its own first result, while renames and copies start from the tree whatever their order.
 */
import { type ApplyOptions, type ApplyResult, applyFileDiff } from './apply.ts';
import type { FileDiff } from './types.ts';

export interface AppliedFile {
  readonly file: FileDiff;
  /** Where the result belongs; for a deleted file, where it was. */
  readonly path: string;
  /** What it starts from; null where there is no file. */
  readonly pre: Buffer | null;
  readonly result: ApplyResult;
}

/** Applies every file of a diff; `read` gives a file of the tree, or null where there is none. */
export function applyDiff(
  files: readonly FileDiff[],
  read: (path: string) => Buffer | null,
  options: ApplyOptions = {},
): readonly AppliedFile[] {
  /** What a path holds by now; null when it is gone. */
  const now = new Map<string, Buffer | null>();
  const failed = new Set<string>();
  const leaving = new Set(files.flatMap((file) => leavesBehind(file, options)));
  return files.map((file) => {
    const [source, path] = ends(file, options);
    const moves = file.change === 'rename' || file.change === 'copy';
    const current = now.get(source);
    const pre = moves || current === undefined ? read(source) : current;
    let result: ApplyResult;
    if (failed.has(source) && !moves) {
      result = {
        ok: false,
        hunk: null,
        line: file.line,
        reason: 'an earlier part of the diff does not fit this file',
      };
    } else if (moves && source !== path && !leaving.has(path) && read(path) !== null) {
      result = { ok: false, hunk: null, line: file.line, reason: `${path} already exists` };
    } else {
      result = applyFileDiff(pre, file, options);
    }
    if (result.ok) now.set(path, result.post);
    else failed.add(path);
    return { file, path, pre, result };
  });
}

/** The paths that a file diff reads and writes. */
function ends({ oldPath, newPath }: FileDiff, { reverse = false }: ApplyOptions): readonly [string, string] {
  const [from, to] = reverse ? [newPath, oldPath] : [oldPath, newPath];
  return [from ?? to ?? '', to ?? from ?? ''];
}

/** The path that is free once the file diff is applied. */
function leavesBehind(file: FileDiff, options: ApplyOptions): readonly string[] {
  const [source] = ends(file, options);
  const deletes = file.change === (options.reverse === true ? 'add' : 'delete');
  return deletes || file.change === 'rename' ? [source] : [];
}
