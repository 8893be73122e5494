/** A whole diff on a tree, beside `git apply` in a real directory. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { applyDiff } from '../../../analyzers/diff/apply-diff.ts';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import { removeTempDirs, tempDir, write } from '../../corpus/archive/git-oracle.ts';
import { runGit } from './apply-oracle.ts';

afterAll(removeTempDirs);

const modify = (path: string, old: string, now: string): string =>
  `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-${old}\n+${now}\n`;
const rename = (from: string, to: string, kind = 'rename'): string =>
  `diff --git a/${from} b/${to}\nsimilarity index 100%\n${kind} from ${from}\n${kind} to ${to}\n`;
const remove = (path: string, old: string): string =>
  `diff --git a/${path} b/${path}\ndeleted file mode 100644\n--- a/${path}\n+++ /dev/null\n@@ -1 +0,0 @@\n-${old}\n`;

const PATHS = ['a.c', 'b.c', 'c.c', 'd.c'];
const TREE: Readonly<Record<string, string>> = { 'a.c': 'a\n', 'b.c': 'b\n' };

function read(path: string): Buffer | null {
  const content = TREE[path];
  return content === undefined ? null : Buffer.from(content);
}

/** What every path holds afterwards, or that the diff is refused. */
function ours(diff: string, reverse: boolean): Record<string, string | null> | 'refused' {
  const after: Record<string, string | null> = {};
  for (const path of PATHS) after[path] = TREE[path] ?? null;
  const { files } = parseDiff(diff);
  const applied = applyDiff(files, read, { reverse });
  for (const { file } of applied) {
    const source = reverse ? file.newPath : file.oldPath;
    if (file.change === 'rename' && source !== null) after[source] = null;
  }
  for (const { path, result } of applied) {
    if (!result.ok) return 'refused';
    after[path] = result.post?.toString() ?? null;
  }
  return after;
}

function gits(diff: string, reverse: boolean): Record<string, string | null> | 'refused' {
  const directory = tempDir();
  for (const [path, content] of Object.entries(TREE)) write(directory, path, content);
  const flags = reverse ? ['--reverse'] : [];
  if (runGit(directory, ['apply', ...flags, '-'], Buffer.from(diff)).status !== 0) return 'refused';
  const after: Record<string, string | null> = {};
  for (const name of PATHS) {
    const path = join(directory, name);
    after[name] = existsSync(path) ? readFileSync(path, 'utf8') : null;
  }
  return after;
}

describe('a diff of several files', () => {
  it.each([
    ['two files', modify('a.c', 'a', 'A') + modify('b.c', 'b', 'B'), false],
    ['one file twice', modify('a.c', 'a', 'A') + modify('a.c', 'A', 'AA'), false],
    ['one file twice, the first time in vain', modify('a.c', 'x', 'A') + modify('a.c', 'a', 'AA'), false],
    ['two files that change places', rename('a.c', 'b.c') + rename('b.c', 'a.c'), false],
    [
      'a copy of a file that changes before it',
      modify('a.c', 'a', 'A') + rename('a.c', 'c.c', 'copy'),
      false,
    ],
    ['a rename over a file that stays', rename('a.c', 'b.c'), false],
    ['a rename over a file that is deleted', remove('b.c', 'b') + rename('a.c', 'b.c'), false],
    ['a file that is deleted and then changed', remove('b.c', 'b') + modify('b.c', 'b', 'B'), false],
    ['a rename the other way round', rename('c.c', 'a.c'), true],
    ['a deletion the other way round', remove('c.c', 'c') + modify('a.c', 'A', 'a'), true],
  ])('%s', (_, diff, reverse) => {
    expect(ours(diff, reverse)).toEqual(gits(diff, reverse));
  });
});
