/**
 * One patch with all its C files, by us and by `git apply` in a directory of its own. Where git refuses the patch, it
 * is asked again about each file alone, since it applies all of a patch or nothing and one refusal hides the rest.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ApplyOptions } from '../../../analyzers/diff/apply.ts';
import { applyDiff } from '../../../analyzers/diff/apply-diff.ts';
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
  const targets = files.map((file) => targetOf(file, options));
  const whole = gitApplyTree(patch, patch.lines.join('\n'), targets, tree, options);
  const read = (path: string): Buffer | null => tree.get(path) ?? null;
  const ours = applyDiff(files, read, options);
  if (whole === null && ours.every(({ result }) => result.ok)) {
    return ours.map(({ path }) => ({
      path,
      verdict: 'different: we apply the patch, git refuses',
      post: undefined,
    }));
  }
  // Of a file that the patch names twice, git leaves the last state only.
  const last = new Map(ours.map((applied) => [applied.path, applied.result]));
  return ours.map(({ file, path }) => {
    const result = whole === null ? applyDiff([file], read, options)[0]?.result : last.get(path);
    const theirs = whole ?? gitApplyTree(patch, section(patch, file), [path], tree, options);
    if (result?.ok !== true) {
      const reason = result?.reason ?? 'no result';
      return theirs === null
        ? { path, verdict: 'refused', post: undefined }
        : { path, verdict: `different: we refuse, git applies: ${reason}`, post: undefined };
    }
    const { post } = result;
    if (theirs === null) return { path, verdict: 'different: we apply, git refuses', post: undefined };
    const content = theirs.get(path) ?? null;
    const same = content === null || post === null ? content === post : content.equals(post);
    return same
      ? { path, verdict: 'same', post }
      : { path, verdict: 'different: other bytes', post: undefined };
  });
}

function targetOf({ oldPath, newPath }: FileDiff, { reverse = false }: ApplyOptions): string {
  return (reverse ? (oldPath ?? newPath) : (newPath ?? oldPath)) ?? '';
}

/** What git leaves of the files; null when it refuses. */
function gitApplyTree(
  patch: PatchText,
  text: string,
  targets: readonly string[],
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
      targets.map((target) => {
        const path = join(directory, target);
        return [target, existsSync(path) ? readFileSync(path) : null];
      }),
    );
  });
}
