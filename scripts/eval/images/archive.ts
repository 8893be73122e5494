/** Every C patch of an archive on a pre-image made from its own hunks: in place, moved, and the other way round. */
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import type { FileDiff } from '../../../analyzers/diff/types.ts';
import { readArchive } from '../../../corpus/archive/read.ts';
import { parseMessage } from '../../../corpus/mail/parse.ts';
import { findPatch } from '../../../corpus/mail/patch.ts';
import { cFiles, judge, type PatchText, pathOf, type Tree } from './judge.ts';
import { synthesize } from './synthesize.ts';
import type { Tally } from './tally.ts';

/** Enough that no hunk's own lines reach its named place. */
const SHIFT = 137;

/** Judges the archive's patches and returns a line of figures. */
export async function judgeArchive(archive: string, tally: Tally): Promise<string> {
  let messages = 0;
  let patches = 0;
  let files = 0;
  let hunks = 0;
  let damaged = 0;
  for await (const item of readArchive(archive)) {
    if (item.type !== 'message') continue;
    messages++;
    const found = findPatch(await parseMessage(item));
    const diff = parseDiff(found?.text ?? '');
    const touched = cFiles(diff.files);
    if (found === null || touched.length === 0) continue;
    patches++;
    files += touched.length;
    hunks += touched.reduce((sum, file) => sum + file.hunks.length, 0);
    damaged += touched.filter((file) => file.damaged === true).length;
    const patch: PatchText = { lines: found.text.split('\n'), files: diff.files, encoding: 'utf8' };
    judgePatch(patch, touched, `message ${item.index}`, tally);
  }
  return `${messages} messages, ${patches} with C: ${files} files, ${hunks} hunks, ${damaged} files with an unreadable hunk`;
}

function judgePatch(patch: PatchText, files: readonly FileDiff[], name: string, tally: Tally): void {
  const add = (kind: string, path: string, verdict: Parameters<Tally['add']>[1]): void => {
    tally.add(kind, verdict, `${name} ${path}`);
  };
  const post = new Map<string, Buffer | null>();
  for (const result of judge(patch, treeOf(files, 0), {})) {
    add('hunks in their place', result.path, result.verdict);
    if (result.post !== undefined) post.set(result.path, result.post);
  }
  for (const { path, verdict } of judge(patch, treeOf(files, SHIFT), {})) add('hunks moved', path, verdict);
  for (const { path, verdict } of judge(patch, post, { reverse: true }))
    add('the other way round', path, verdict);
}

function treeOf(files: readonly FileDiff[], shift: number): Tree {
  const tree = new Map<string, Buffer | null>();
  for (const file of files) {
    // What a patch says a second time of a file is about its own first result.
    if (file.oldPath !== null && !tree.has(file.oldPath)) tree.set(file.oldPath, synthesize(file, shift));
    else if (!tree.has(pathOf(file))) tree.set(pathOf(file), null);
  }
  return tree;
}
