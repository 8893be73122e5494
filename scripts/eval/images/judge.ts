/**
 * One patch with all its C files, by us and by `git apply` in a directory of its own. Where git refuses the patch, it
 * is asked again about each file alone, since it applies all of a patch or nothing and one refusal hides the rest.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ApplyOptions, applyFileDiff } from '../../../analyzers/diff/apply.ts';
import type { FileDiff } from '../../../analyzers/diff/types.ts';
import { inTempDir, runGit, type Verdict } from '../../../test/analyzers/diff/apply-oracle.ts';

/** A path and what is there; null for nothing. */
export type Tree = ReadonlyMap<string, Buffer | null>;

export interface Judged {
  readonly path: string;
  readonly verdict: Verdict;
  /** The bytes that both gave, null where the file is gone; undefined where both refuse or they differ. */
  readonly post: Buffer | null | undefined;
}

const isC = (path: string): boolean => /\.[ch]$/.test(path);

export const pathOf = (file: FileDiff): string => file.newPath ?? file.oldPath ?? '';

export const cFiles = (files: readonly FileDiff[]): FileDiff[] => files.filter((file) => isC(pathOf(file)));

/** The text of a patch as bytes, and which of its lines are about which file. */
export interface PatchText {
  readonly lines: readonly string[];
  readonly files: readonly FileDiff[];
  readonly encoding: 'utf8' | 'latin1';
}

/** The lines of one file's diff. */
export function section(patch: PatchText, file: FileDiff): string {
  const next = patch.files.find(({ line }) => line > file.line);
  return `${patch.lines.slice(file.line - 1, next === undefined ? undefined : next.line - 1).join('\n')}\n`;
}

/** Judges every C file of the patch on `tree`. */
export function judge(patch: PatchText, tree: Tree, options: ApplyOptions): Judged[] {
  const files = cFiles(patch.files);
  const whole = gitApplyTree(patch, patch.lines.join('\n'), files, tree, options);
  const ours = applyAll(files, tree, options);
  return files.map((file) => {
    const path = targetOf(file, options);
    const theirs = whole ?? gitApplyTree(patch, section(patch, file), [file], tree, options);
    const post = ours.get(path);
    if (post === undefined || post instanceof Error) {
      const reason = post === undefined ? 'no result' : post.message;
      return theirs === null
        ? { path, verdict: 'refused', post: undefined }
        : { path, verdict: `different: we refuse, git applies: ${reason}`, post: undefined };
    }
    if (theirs === null) return { path, verdict: 'different: we apply, git refuses', post: undefined };
    const content = theirs.get(path) ?? null;
    const same = content === null || post === null ? content === post : content.equals(post);
    return same
      ? { path, verdict: 'same', post }
      : { path, verdict: 'different: other bytes', post: undefined };
  });
}

function sourceOf({ oldPath, newPath }: FileDiff, { reverse = false }: ApplyOptions): string | null {
  return reverse ? newPath : oldPath;
}

function targetOf({ oldPath, newPath }: FileDiff, { reverse = false }: ApplyOptions): string {
  return (reverse ? (oldPath ?? newPath) : (newPath ?? oldPath)) ?? '';
}

/** Our results by path; a file named twice is changed twice. */
function applyAll(
  files: readonly FileDiff[],
  tree: Tree,
  options: ApplyOptions,
): ReadonlyMap<string, Buffer | Error | null> {
  const results = new Map<string, Buffer | Error | null>();
  for (const file of files) {
    const source = sourceOf(file, options);
    const target = targetOf(file, options);
    const independent = file.change === 'rename' || file.change === 'copy';
    const earlier = source === null || independent ? undefined : results.get(source);
    if (earlier instanceof Error) continue;
    const pre = earlier ?? tree.get(source ?? target) ?? null;
    const result = applyFileDiff(pre, file, options);
    results.set(target, result.ok ? result.post : new Error(result.reason));
  }
  return results;
}

/** What git leaves of the files; null when it refuses. */
function gitApplyTree(
  patch: PatchText,
  text: string,
  files: readonly FileDiff[],
  tree: Tree,
  options: ApplyOptions,
): Tree | null {
  return inTempDir((directory) => {
    for (const [path, content] of tree) {
      if (content === null) continue;
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    const flags = ['--whitespace=nowarn', '--include=*.c', '--include=*.h'];
    if (options.reverse === true) flags.push('--reverse');
    const { status } = runGit(directory, ['apply', ...flags, '-'], Buffer.from(text, patch.encoding));
    if (status !== 0) return null;
    return new Map(
      files.map((file) => {
        const path = join(directory, targetOf(file, options));
        return [targetOf(file, options), existsSync(path) ? readFileSync(path) : null];
      }),
    );
  });
}
