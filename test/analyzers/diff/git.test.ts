/** The parser against real git: what git writes is read, and counted as git counts it. */

import { spawnSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { hunkImage, reverseDiff } from '../../../analyzers/diff/image.ts';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import type { FileDiff, HunkLineKind } from '../../../analyzers/diff/types.ts';
import type { ImageSide } from '../../../analyzers/vocabulary/finding.ts';
import {
  commit,
  git,
  newRepository,
  numstat,
  removeTempDirs,
  tempDir,
  write,
} from '../../corpus/archive/git-oracle.ts';

afterAll(removeTempDirs);

function count(file: FileDiff, kind: HunkLineKind): string {
  return file.binary
    ? '-'
    : String(file.hunks.flatMap(({ lines }) => lines).filter((line) => line.kind === kind).length);
}

function ourNumstat(patch: string): string[] {
  return parseDiff(patch).files.map(
    (file) => `${count(file, 'add')}\t${count(file, 'remove')}\t${file.newPath ?? file.oldPath}`,
  );
}

const LINES = Array.from({ length: 40 }, (_, line) => `line ${line}\n`).join('');

function repositoryWithEveryChange(): string {
  const repository = newRepository();
  for (const name of [
    'modified.c',
    'deleted.c',
    'renamed.c',
    'moved.c',
    'mode.sh',
    'copied.c',
    'fs/ünïcode.c',
    'two words.c',
  ]) {
    write(repository, name, `${name}\n${LINES}`);
  }
  write(repository, 'deleted.c', 'nothing like the others\n'.repeat(9));
  write(repository, 'binary', Buffer.from([0, 1, 2, 3]));
  write(repository, 'no-newline.c', 'a\nb');
  write(repository, 'emptied.c', 'a\n');
  commit(repository, 'before');
  write(
    repository,
    'modified.c',
    `modified.c\n${LINES.replace('line 5\n', 'five\n').replace('line 30\n', '')}`,
  );
  rmSync(join(repository, 'deleted.c'));
  renameSync(join(repository, 'renamed.c'), join(repository, 'new-name.c'));
  rmSync(join(repository, 'moved.c'));
  write(repository, 'moved-and-edited.c', `moved.c\n${LINES.replace('line 9\n', 'nine\n')}`);
  chmodSync(join(repository, 'mode.sh'), 0o755);
  write(repository, 'copied.c', `copied.c\n${LINES}tail\n`);
  write(repository, 'copy.c', `copied.c\n${LINES.replace('line 3\n', '')}`);
  write(repository, 'fs/ünïcode.c', `x\n${LINES}`);
  write(repository, 'two words.c', LINES);
  write(repository, 'binary', Buffer.from([0, 9, 9, 9]));
  write(repository, 'no-newline.c', 'a\nb\nc');
  write(repository, 'emptied.c', '');
  write(repository, 'empty-new.c', '');
  write(repository, 'quote"and\\backslash.c', 'x\n');
  commit(repository, 'after');
  return repository;
}

describe('every kind of change that git writes', () => {
  it.each([
    ['with renames and copies', ['-M', '-C']],
    ['with binary data', ['--binary', '--no-renames']],
    ['without context', ['-U0']],
    ['with the whole file', ['-U1000', '--binary']],
    ['the other way round', ['-R', '--binary']],
  ])('%s is read without problems and counted as git counts', (_, flags) => {
    const patch = git(repositoryWithEveryChange(), ['diff', ...flags, 'HEAD^', 'HEAD']).toString();
    expect(parseDiff(patch).problems).toEqual([]);
    const expected = (numstat(patch) ?? []).map((line) =>
      line.replace(/"(.*)"$/, (_match, name: string) => unescape(name)),
    );
    expect(expected.length).toBeGreaterThan(10);
    expect(ourNumstat(patch)).toEqual(expected);
  });

  it('tells renames, copies, new and deleted files apart', () => {
    const patch = git(repositoryWithEveryChange(), ['diff', '-M', '-C', 'HEAD^', 'HEAD']).toString();
    const changes = parseDiff(patch)
      .files.filter(({ change }) => change !== 'modify')
      .map(({ change, oldPath, newPath }) => `${change} ${oldPath} ${newPath}`);
    expect(changes.toSorted()).toEqual([
      'add null empty-new.c',
      'add null quote"and\\backslash.c',
      'copy copied.c copy.c',
      'delete deleted.c null',
      'rename moved.c moved-and-edited.c',
      'rename renamed.c new-name.c',
    ]);
  });
});

/** git's C quoting, undone by the JSON parser where the two agree and by octal bytes elsewhere. */
function unescape(name: string): string {
  const bytes = name.replace(/\\([0-7]{3})/g, (_match, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(bytes.replace(/\\(["\\])/g, '$1'), 'latin1').toString();
}

describe('text around and between', () => {
  const hunk = '@@ -1,3 +1,3 @@\n a\n-b\n+c\n d\n';
  it.each([
    ['words before', `words\n\n--- a/x.c\n+++ b/x.c\n${hunk}`],
    ['a ruler and words that look like a header', `--- not a header\nwords\n--- a/x.c\n+++ b/x.c\n${hunk}`],
    ['words between two files', `--- a/x.c\n+++ b/x.c\n${hunk}words\n--- a/y.c\n+++ b/y.c\n${hunk}`],
    ['a signature', `--- a/x.c\n+++ b/x.c\n${hunk}-- \n2.39.5\n`],
    ['a header with nothing behind it', `diff --git a/x.c b/x.c\nwords\n`],
    ['a header with an index line only', `diff --git a/x.c b/x.c\nindex 123..456 100644\nwords\n`],
    ['a name with a quote in the middle', `--- "a/x\\t.c"\n+++ "b/x\\t.c"\n${hunk}`],
    ['folders doubled', `--- a/fs//x.c\n+++ b/fs//x.c\n${hunk}`],
    ['no prefixes', `diff --git fs/x.c fs/x.c\nindex 1..2 100644\n--- fs/x.c\n+++ fs/x.c\n${hunk}`],
  ])('%s', (_, patch) => {
    const expected = (numstat(patch) ?? []).map((line) => line.replace(/"(.*)"$/, '$1').replace('\\t', '\t'));
    expect(ourNumstat(patch)).toEqual(expected);
  });
});

/** Few different lines, so that edits repeat and move them; some look like parts of a diff. */
const line = fc.constantFrom(
  '',
  'a',
  '\tb;',
  '-',
  '+',
  '--- a/x',
  '+++ b/x',
  '@@ -1 +1 @@',
  '\\ x',
  ' ',
  '-- ',
  'diff --git a/x b/x',
  'c\r',
);
const content = fc
  .tuple(fc.array(line, { maxLength: 25 }), fc.boolean())
  .map(([lines, newline]) => lines.join('\n') + (newline && lines.length > 0 ? '\n' : ''));
const edited = content.chain((before) =>
  fc.tuple(
    fc.constant(before),
    fc.oneof(
      content,
      fc.tuple(fc.nat(25), fc.nat(3), fc.array(line, { maxLength: 3 })).map(([at, cut, put]) =>
        before
          .split('\n')
          .toSpliced(at, cut, ...put)
          .join('\n'),
      ),
    ),
  ),
);

describe('whatever is edited', () => {
  it('both images are the lines of the real files, and reversing twice changes nothing', () => {
    const directory = tempDir();
    fc.assert(
      fc.property(edited, fc.constantFrom('-U0', '-U1', '-U3'), ([before, after], context) => {
        write(directory, 'old', before);
        write(directory, 'new', after);
        const patch = spawnSync('git', ['diff', '--no-index', '--text', context, 'old', 'new'], {
          cwd: directory,
          encoding: 'utf8',
        }).stdout;
        const diff = parseDiff(patch);
        expect(diff.problems).toEqual([]);
        expect(diff.files).toHaveLength(before === after ? 0 : 1);
        const turned = reverseDiff(diff);
        expect(reverseDiff(turned)).toEqual(diff);
        for (const [at, hunk] of (diff.files[0]?.hunks ?? []).entries()) {
          const reversed = turned.files[0]?.hunks[at];
          if (reversed === undefined) throw new Error('hunk lost');
          for (const [side, other, real] of [
            ['pre', 'post', before],
            ['post', 'pre', after],
          ] as const) {
            expectRealLines(hunkImage(hunk, side satisfies ImageSide).lines, real);
            expect(hunkImage(reversed, other)).toEqual(hunkImage(hunk, side));
          }
        }
      }),
      { numRuns: 150, seed: 7 },
    );
  });
});

function expectRealLines(
  image: readonly { readonly text: string; readonly line: number }[],
  file: string,
): void {
  const lines = file.split('\n');
  expect(image.map(({ text }) => text)).toEqual(image.map(({ line: number }) => lines[number - 1]));
}
